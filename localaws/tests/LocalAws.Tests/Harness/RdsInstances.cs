using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace LocalAws.Tests.Harness;

/// <summary>DB instances of the shared gateway, one for each major version, made when a test first asks for it.</summary>
public sealed class RdsInstances(SharedGateway shared)
{
    private const string Administrator = "owner";
    private const string Password = "se'cret";

    private readonly ConcurrentDictionary<string, Lazy<Task<NpgsqlConnectionStringBuilder>>> _instances = new(StringComparer.Ordinal);

    private Gateway Gateway => shared.Gateway;

    /// <summary>How the administrator connects to the instance of a major version.</summary>
    public Task<NpgsqlConnectionStringBuilder> ConnectionAsync(string major) =>
        _instances.GetOrAdd(major, _ => new Lazy<Task<NpgsqlConnectionStringBuilder>>(() => CreateAsync(GroupOf(major), major))).Value;

    /// <summary>The parameter group of the instance of a major version, which is named like the instance.</summary>
    public static string GroupOf(string major) => $"version-{major}";

    public async Task CreateGroupAsync(string name, string major)
    {
        var (status, body) = await Gateway.QueryAsync(
            "rds", "CreateDBParameterGroup", ("DBParameterGroupName", name), ("DBParameterGroupFamily", $"postgres{major}"),
            ("Description", "d"));
        status.Should().Be(200, body);
    }

    public async Task SetAsync(string group, string parameter, string value, string method)
    {
        var (status, body) = await Gateway.QueryAsync(
            "rds", "ModifyDBParameterGroup", ("DBParameterGroupName", group), ("Parameters.Parameter.1.ParameterName", parameter),
            ("Parameters.Parameter.1.ParameterValue", value), ("Parameters.Parameter.1.ApplyMethod", method));
        status.Should().Be(200, body);
    }

    public static async Task<string?> ScalarAsync(NpgsqlConnectionStringBuilder connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection.ConnectionString);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private async Task<NpgsqlConnectionStringBuilder> CreateAsync(string name, string major)
    {
        await CreateGroupAsync(name, major);
        await SetAsync(name, "rds.logical_replication", "1", "pending-reboot");
        var (status, body) = await Gateway.QueryAsync(
            "rds", "CreateDBInstance", ("DBInstanceIdentifier", name), ("Engine", "postgres"), ("EngineVersion", major), ("DBName", "shop"),
            ("MasterUsername", Administrator), ("MasterUserPassword", Password), ("DBParameterGroupName", name));
        status.Should().Be(200, body);
        var description = await Eventually.BecomesAsync(
            $"instance {name} is available",
            async () => (await Gateway.QueryAsync("rds", "DescribeDBInstances", ("DBInstanceIdentifier", name))).Body,
            seen => seen.Contains("<DBInstanceStatus>available<", StringComparison.Ordinal));
        var port = int.Parse(Regex.Match(description, "<Port>(\\d+)</Port>").Groups[1].Value, CultureInfo.InvariantCulture);
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = Administrator,
            Password = Password,
            Database = "shop",
            Pooling = false,
            SslMode = SslMode.VerifyFull,
            RootCertificate = Path.Combine(Gateway.Home, "certificates", $"{port}.pem"),
        };
    }
}
