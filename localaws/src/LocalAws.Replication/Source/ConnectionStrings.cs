using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>Connections to the source: the user's, and the engine's own.</summary>
internal static class ConnectionStrings
{
    // The text form of values depends on these; they are the same for loads and for the log, so that a value is written alike.
    private const string OutputSettings =
        "-c datestyle=ISO -c intervalstyle=postgres -c timezone=UTC -c bytea_output=hex -c extra_float_digits=1 -c lc_monetary=C -c xmloption=content"
        // A load reads its table from the start, not from where another scan happens to be.
        + " -c synchronize_seqscans=off";

    private const int ConnectSeconds = 15;

    public static string User(SourceSpec source) => Base(source, source.Username, source.Password).ConnectionString;

    public static string Engine(SourceSpec source, EngineConnectionSpec engine)
    {
        var builder = Base(source, engine.Username, engine.Password);
        builder.Options = OutputSettings;
        builder.CommandTimeout = 0;
        builder.KeepAlive = 0;
        builder.ReadBufferSize = 128 * 1024;
        if (engine.Host is not null || engine.Port is not null)
        {
            builder.Host = engine.Host ?? source.Host;
            builder.Port = engine.Port ?? source.Port;
            builder.SslMode = SslMode.Disable;
        }

        return builder.ConnectionString;
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
            "none" => SslMode.Prefer,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            var other => throw new ReplicationException($"SslMode '{other}' is not one of none, require, verify-ca, verify-full."),
        },
        Timeout = ConnectSeconds,
        Pooling = false,
        ApplicationName = "AWS DMS",
        IncludeErrorDetail = false,
    };
}
