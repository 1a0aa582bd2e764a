using System.Text.Json;
using Amazon.SecretsManager;
using Npgsql;

namespace Cdc.Harness.Pipelines;

/// <summary>Connections to a source database as its administrator. Texts are as PostgreSQL prints them, times in UTC.</summary>
public sealed class SourceDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _connections;

    private SourceDatabase(NpgsqlConnectionStringBuilder settings)
    {
        Settings = settings;
        _connections = NpgsqlDataSource.Create(settings);
    }

    /// <summary>Host, port, database, user and password.</summary>
    public NpgsqlConnectionStringBuilder Settings { get; }

    /// <summary>Connects as the administrator, with the password from Secrets Manager; the first statement opens a connection.</summary>
    /// <param name="source">Where the server is.</param>
    /// <param name="cancellationToken">Ends the wait for the password.</param>
    /// <param name="database">Another database of the same server; null for the source itself.</param>
    public static async Task<SourceDatabase> OpenAsync(SourceOutput source, CancellationToken cancellationToken, string? database = null)
    {
        using var secrets = new AmazonSecretsManagerClient();
        using var secret = JsonDocument.Parse(await secrets.GetSecretValueAsync(source.AdministratorSecretArn, cancellationToken));
        return new SourceDatabase(new NpgsqlConnectionStringBuilder
        {
            Host = source.Endpoint.Address,
            Port = source.Endpoint.Port,
            Database = database ?? source.Database,
            Username = secret.RootElement.GetProperty("username").GetString(),
            Password = secret.RootElement.GetProperty("password").GetString(),
            Timezone = "UTC",
            // RDS refuses plain connections from PostgreSQL 15 on.
            SslMode = SslMode.Require,
            IncludeErrorDetail = true,
            MaxPoolSize = 10,
        });
    }

    /// <summary>An open connection of the pool, for what needs a session: temporary tables, transactions of its own.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await _connections.OpenConnectionAsync(cancellationToken);

    /// <summary>Runs statements as one transaction.</summary>
    /// <returns>Number of rows that they inserted, updated and deleted.</returns>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _connections.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Rows of a query, each value as PostgreSQL's text.</summary>
    public async Task<List<string?[]>> QueryAsync(
        string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        return await QueryAsync(connection, sql, cancellationToken, parameters);
    }

    /// <summary>The same on a connection of the caller's, which has its temporary tables.</summary>
    public static async Task<List<string?[]>> QueryAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        }

        return rows;
    }

    /// <summary>The first value of the first row, as text; null is NULL.</summary>
    public async Task<string?> ScalarAsync(string sql, CancellationToken cancellationToken) =>
        (await QueryAsync(sql, cancellationToken))[0][0];

    /// <summary>Closes all connections of the pool.</summary>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}
