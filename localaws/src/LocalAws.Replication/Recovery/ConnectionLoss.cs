using Npgsql;

namespace LocalAws.Replication.Recovery;

/// <summary>Tells a database that is away, restarting or busy from one that says no.</summary>
internal static class ConnectionLoss
{
    /// <summary>Whether trying again may help.</summary>
    public static bool IsRecoverable(Exception error) => error switch
    {
        PostgresException postgres => postgres.SqlState switch
        {
            // Called transient, but it is a state that does not pass by itself.
            PostgresErrorCodes.ObjectNotInPrerequisiteState => false,
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => true,
            _ => postgres.IsTransient,
        },
        NpgsqlException or IOException or TimeoutException => true,
        _ => false,
    };
}
