using System.Text.Json;

namespace LocalAws.Replication.Settings;

/// <summary><c>PostgreSQLSettings</c> of a source endpoint, checked, with the defaults of DMS.</summary>
/// <remarks>
/// <c>CaptureDdls</c>, the heartbeat and the like are accepted: the engine sees in the log which columns a change has, without artifacts in
/// the database, and moves its slot on idle databases by itself.
/// </remarks>
public sealed record PostgreSqlSourceSettings
{
    /// <summary>
    /// Where the database is and who reads it, which the caller reads; the rest is DMS's, and what is written is the same without it.
    /// </summary>
    private static readonly string[] WithoutEffect =
    [
        "ServerName", "Port", "DatabaseName", "Username", "Password", "SecretsManagerSecretId", "SecretsManagerAccessRoleArn",
        "ServiceAccessRoleArn",
        // The log tells which columns a change has, and the slot moves on an idle database.
        "CaptureDdls", "DdlArtifactsSchema", "HeartbeatEnable", "HeartbeatSchema", "HeartbeatFrequency",
        // How DMS holds its data on the way.
        "MaxFileSize", "MapJsonbAsClob", "DisableUnicodeSourceFilter", "BabelfishDatabaseName",
    ];

    /// <summary>SQL that is run on each of the engine's SQL connections.</summary>
    public string? AfterConnectScript { get; init; }

    /// <summary>Seconds that a statement other than a load may take.</summary>
    public int ExecuteTimeout { get; init; } = 60;

    /// <summary>The slot to use.</summary>
    public string? SlotName { get; init; }

    /// <summary>A value cut at LobMaxSize fails the task.</summary>
    public bool FailTasksOnLobTruncation { get; init; }

    /// <summary>Trim the blanks that fill char(n).</summary>
    public bool TrimSpaceInChar { get; init; } = true;

    /// <summary>Booleans as booleans, not as text.</summary>
    public bool MapBooleanAsBoolean { get; init; }

    /// <summary>numeric without precision as text, not as DECIMAL(28,6).</summary>
    public bool MapUnboundedNumericAsString { get; init; }

    /// <summary>varchar without length is cut at 8000 characters; false: it is a LOB.</summary>
    public bool MapLongVarcharAsWstring { get; init; } = true;

    /// <summary>Reads the structure and the attributes that override it.</summary>
    /// <exception cref="ReplicationException">A value is invalid, or a setting is not supported: the message names it.</exception>
    public static PostgreSqlSourceSettings Parse(JsonElement? settings, string? extraConnectionAttributes)
    {
        var reader = new SettingReader("PostgreSQLSettings", settings, extraConnectionAttributes);
        reader.RefuseUnless(
            "PluginName", reader.OneOf("PluginName", "no-preference", "test-decoding", "pglogical") != "pglogical",
            "the servers have test_decoding: set test-decoding, or no-preference.");
        reader.RefuseUnless(
            "DatabaseMode", reader.OneOf("DatabaseMode", "default", "babelfish") == "default", "only PostgreSQL itself is a source.");
        reader.RefuseUnless(
            "AuthenticationMethod", reader.OneOf("AuthenticationMethod", "password", "iam") == "password",
            "set a user name and a password.");
        var result = new PostgreSqlSourceSettings
        {
            AfterConnectScript = reader.Text("AfterConnectScript") is { Length: > 0 } script ? script : null,
            ExecuteTimeout = reader.Number("ExecuteTimeout", 60, 0),
            SlotName = reader.Text("SlotName") is { Length: > 0 } slot ? slot : null,
            FailTasksOnLobTruncation = reader.Flag("FailTasksOnLobTruncation"),
            TrimSpaceInChar = reader.Flag("TrimSpaceInChar", true),
            MapBooleanAsBoolean = reader.Flag("MapBooleanAsBoolean"),
            MapUnboundedNumericAsString = reader.Flag("MapUnboundedNumericAsString"),
            MapLongVarcharAsWstring = reader.OneOf("MapLongVarcharAs", "wstring", "clob", "nclob") == "wstring",
        };
        reader.RefuseUnknown(WithoutEffect);
        return result;
    }
}
