using System.Text.Json;

namespace LocalAws.Replication;

/// <summary>A PostgreSQL endpoint.</summary>
public sealed record SourceSpec
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>Database name.</summary>
    public required string Database { get; init; }

    /// <summary>The endpoint's user, whose password and rights are checked before anything else.</summary>
    public required string Username { get; init; }

    /// <summary>The user's password.</summary>
    public required string Password { get; init; }

    /// <summary>The API's <c>SslMode</c>: <c>none</c>, <c>require</c>, <c>verify-ca</c> or <c>verify-full</c>.</summary>
    public string SslMode { get; init; } = "none";

    /// <summary><c>PostgreSQLSettings</c> as the API has them.</summary>
    public JsonElement? PostgreSQLSettings { get; init; }

    /// <summary>Extra connection attributes, <c>name=value;…</c>. They win over the settings.</summary>
    public string? ExtraConnectionAttributes { get; init; }
}
