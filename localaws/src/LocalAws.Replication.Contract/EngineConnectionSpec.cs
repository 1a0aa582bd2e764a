namespace LocalAws.Replication;

/// <summary>
/// The engine's own connection. REPLICATION is an attribute that no membership passes on, so a member of
/// <c>rds_replication</c> cannot stream; RDS grants it behind the scenes, here a superuser's connection does the streaming.
/// </summary>
public sealed record EngineConnectionSpec
{
    /// <summary>A superuser.</summary>
    public required string Username { get; init; }

    /// <summary>Password; null where the server trusts the connection.</summary>
    public string? Password { get; init; }

    /// <summary>Host or socket folder, if it is not the source's.</summary>
    public string? Host { get; init; }

    /// <summary>Port, if it is not the source's.</summary>
    public int? Port { get; init; }
}
