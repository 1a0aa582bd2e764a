using System.Net.Sockets;
using Npgsql;

namespace Cdc.Harness.Pipelines;

/// <summary>Tells a database that is not reached from here from one that refuses a statement.</summary>
public static class SourceReach
{
    // Codes of PostgreSQL: invalid authorization, and a server that takes no connections.
    private const string InvalidAuthorization = "28";

    /// <summary>Whether nothing can be asked of the database from here.</summary>
    public static bool IsLost(Exception failure) => failure switch
    {
        PostgresException refused =>
            refused.SqlState.StartsWith(InvalidAuthorization, StringComparison.Ordinal)
            || refused.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections,
        _ => failure is NpgsqlException or SocketException,
    };
}
