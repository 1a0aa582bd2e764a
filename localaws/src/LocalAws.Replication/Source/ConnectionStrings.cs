using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>Connections to the source: the user's, who reads the rows, and the engine's own, which reads the log.</summary>
internal static class ConnectionStrings
{
    // The text form of values depends on these; they are the same for loads and for the log, so that a value is written alike.
    private const string OutputSettings =
        "-c datestyle=ISO -c intervalstyle=postgres -c timezone=UTC -c bytea_output=hex -c extra_float_digits=1 -c "
        + "lc_monetary=C -c xmloption=content";

    // What the database or a role limits for its applications must not end a load, the making of a slot, or the reading of the log.
    private const string NoTimeouts =
        " -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0";

    // A load reads its table from the start, not from where another scan happens to be, and sees every row or fails.
    private const string WholeTables = " -c synchronize_seqscans=off";

    // Types are then printed with their schema unless they are PostgreSQL's own, whatever path the database has.
    private const string PlainNames = " -c search_path=pg_catalog";

    private const int FirstWithTransactionTimeout = 170_000;
    private const int ConnectSeconds = 15;

    /// <summary>The endpoint's user, as any client connects.</summary>
    public static string User(SourceSpec source) => Base(source, source.Username, source.Password).ConnectionString;

    /// <summary>The endpoint's user for loads: only its rights and its policies decide what is read.</summary>
    public static string Load(SourceSpec source, SourceServer server) =>
        Configured(Base(source, source.Username, source.Password), OutputSettings + NoTimeouts + WholeTables, server).ConnectionString;

    /// <summary>The engine before it knows the server.</summary>
    public static string Engine(SourceSpec source, EngineConnectionSpec engine) => EngineBase(source, engine, null).ConnectionString;

    /// <summary>The engine: slot, log, catalog.</summary>
    /// <param name="source">The database.</param>
    /// <param name="engine">Who reads the log.</param>
    /// <param name="server">What the server is.</param>
    /// <param name="executeTimeout">Seconds that a statement may take which says nothing else; 0: for ever.</param>
    public static string Engine(SourceSpec source, EngineConnectionSpec engine, SourceServer server, int executeTimeout = 0)
    {
        var builder = EngineBase(source, engine, server);
        builder.CommandTimeout = executeTimeout;
        return builder.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder EngineBase(SourceSpec source, EngineConnectionSpec engine, SourceServer? server)
    {
        var builder = Configured(Base(source, engine.Username, engine.Password), OutputSettings + NoTimeouts + PlainNames, server);
        builder.KeepAlive = 0;
        builder.ReadBufferSize = 128 * 1024;
        if (engine.Host is not null || engine.Port is not null)
        {
            builder.Host = engine.Host ?? source.Host;
            builder.Port = engine.Port ?? source.Port;
            builder.SslMode = SslMode.Disable;
        }

        return builder;
    }

    private static NpgsqlConnectionStringBuilder Configured(NpgsqlConnectionStringBuilder builder, string settings, SourceServer? server)
    {
        // Unknown to older servers, which would refuse the connection.
        builder.Options = settings + (server?.Version >= FirstWithTransactionTimeout ? " -c transaction_timeout=0" : "");
        builder.CommandTimeout = 0;
        if (server is { HasEncoding: false })
        {
            // Such a database converts nothing and refuses to send what is no UTF-8: its bytes come as they are, and each value is looked
            // at.
            builder.ClientEncoding = SourceServer.WithoutEncoding;
        }

        return builder;
    }

    private static NpgsqlConnectionStringBuilder Base(SourceSpec source, string username, string? password) => new()
    {
        Host = source.Host,
        Port = source.Port,
        Database = source.Database,
        Username = username,
        Password = password,
        SslMode = source.SslMode switch
        {
            "none" => SslMode.Disable,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            var other => throw new ReplicationException($"SslMode '{other}' is not one of none, require, verify-ca, verify-full."),
        },
        Timeout = ConnectSeconds,
        Pooling = false,
        // A peer that is gone without a word, as after a failover: COPY and the making of a slot have no other limit.
        TcpKeepAlive = true,
        TcpKeepAliveTime = 30,
        TcpKeepAliveInterval = 10,
        ApplicationName = "AWS DMS",
        IncludeErrorDetail = false,
    };
}
