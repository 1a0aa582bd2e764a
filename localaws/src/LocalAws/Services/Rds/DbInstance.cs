using System.Security.Cryptography;

namespace LocalAws.Services.Rds;

/// <summary>A DB instance: what the API shows of it and the server behind it.</summary>
internal sealed class DbInstance
{
    public required string Identifier { get; init; }

    public required string Arn { get; init; }

    /// <summary>Settings as the API names them, with the defaults of RDS filled in.</summary>
    public required SortedDictionary<string, string> Settings { get; init; }

    public required string EngineVersion { get; set; }

    public required string MasterUsername { get; init; }

    public string? DatabaseName { get; init; }

    public required string ParameterGroup { get; set; }

    /// <summary><c>in-sync</c> or <c>pending-reboot</c>.</summary>
    public string ParameterApplyStatus { get; set; } = "in-sync";

    public required SubnetGroup? SubnetGroup { get; set; }

    public required IReadOnlyList<string> SecurityGroups { get; set; }

    public IReadOnlyList<string> LogExports { get; set; } = [];

    public required Dictionary<string, string> Tags { get; init; }

    /// <summary>Stable over renames; the provider finds the instance by it.</summary>
    public string ResourceId { get; } = "db-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(13));

    public DateTimeOffset Created { get; } = DateTimeOffset.UtcNow;

    /// <summary>creating, available, modifying, rebooting, deleting or failed.</summary>
    public string Status { get; set; } = "creating";

    /// <summary>Port of 127.0.0.1; null while the instance is being created.</summary>
    public int? Port { get; set; }

    /// <summary>The running server; null while it is created and when it failed.</summary>
    public PostgresServer? Server { get; set; }
}
