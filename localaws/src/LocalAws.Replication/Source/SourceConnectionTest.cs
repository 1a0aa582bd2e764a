using System.Globalization;
using LocalAws.Postgres;
using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>Tests a source endpoint with its user's own credentials, as DMS does before a task starts.</summary>
public static class SourceConnectionTest
{
    private const int LeastSenderTimeout = 10_000;

    /// <summary>Connects; with <paramref name="requireReplication"/> also checks what capturing changes needs.</summary>
    /// <returns>Null if all is well, else what is wrong and what to do.</returns>
    public static async Task<string?> RunAsync(SourceSpec source, bool requireReplication, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionStrings.User(source));
            await connection.OpenAsync(cancellationToken);
            return requireReplication ? await CheckReplicationAsync(source, connection, cancellationToken) : null;
        }
        catch (PostgresException error)
            when (error.SqlState is PostgresErrorCodes.InvalidPassword
                or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return $"The source database refused user '{source.Username}' at {source.Host}:{source.Port}: {error.MessageText}. "
                + "Correct the user name or password of the endpoint or of its secret.";
        }
        catch (PostgresException error)
        {
            return $"The source database '{source.Database}' at {source.Host}:{source.Port} refused the connection: {error.MessageText}.";
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return $"The source database at {source.Host}:{source.Port} cannot be reached: "
                + $"{error.InnerException?.Message ?? error.Message}. "
                + "Check the endpoint's host and port, and that the instance is available.";
        }
        catch (ReplicationException error)
        {
            return error.Message;
        }
    }

    private static async Task<string?> CheckReplicationAsync(
        SourceSpec source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT current_setting('wal_level'), (SELECT setting FROM pg_settings WHERE name = 'wal_sender_timeout'),
                   rolsuper OR rolreplication OR EXISTS (
                     SELECT FROM pg_roles r WHERE r.rolname = 'rds_replication' AND pg_has_role(current_user, r.oid, 'member'))
            FROM pg_roles WHERE rolname = current_user
            """;
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetString(0) != "logical")
        {
            return $"The source database has wal_level = {reader.GetString(0)}: "
                + "set rds.logical_replication = 1 in its parameter group and reboot the instance.";
        }

        if (int.Parse(reader.GetString(1), CultureInfo.InvariantCulture) is > 0 and < LeastSenderTimeout)
        {
            return $"The source database has wal_sender_timeout = {reader.GetString(1)} ms: "
                + $"set it to 0 or at least {LeastSenderTimeout} in its parameter group.";
        }

        return reader.GetBoolean(2)
            ? null
            : $"User '{source.Username}' may not replicate: GRANT rds_replication TO {SqlText.Identifier(source.Username)}.";
    }
}
