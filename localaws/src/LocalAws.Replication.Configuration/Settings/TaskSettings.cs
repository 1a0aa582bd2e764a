using System.Text.Json;

namespace LocalAws.Replication.Settings;

/// <summary>The parts of <c>ReplicationTaskSettings</c> that change what the engine does.</summary>
public sealed record TaskSettings
{
    /// <summary>Whether LOB columns are written.</summary>
    public bool SupportLobs { get; init; } = true;

    /// <summary>Kilobytes at which a LOB is cut.</summary>
    public int LobMaxSize { get; init; } = 32;

    /// <summary>Schema that replaces the source's in the folders; empty: none.</summary>
    public string TargetSchema { get; init; } = "";

    /// <summary>Whether a table's objects are deleted before its load.</summary>
    public bool DeleteObjectsBeforeLoad { get; init; }

    /// <summary>Tables loaded at a time.</summary>
    public int MaxFullLoadSubTasks { get; init; } = 8;

    /// <summary>Wait for transactions that were open when the task started.</summary>
    public TimeSpan TransactionConsistencyTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Stop when all tables are loaded.</summary>
    public bool StopTaskCachedChangesNotApplied { get; init; }

    /// <summary>Stop when the changes made during the load are written too.</summary>
    public bool StopTaskCachedChangesApplied { get; init; }

    /// <summary>Fail when the wait for open transactions exceeds its limit.</summary>
    public bool FailOnTransactionConsistencyBreached { get; init; }

    /// <summary>Fail when no table matches.</summary>
    public bool FailOnNoTablesCaptured { get; init; } = true;

    /// <summary>Whether a table's error stops the task instead of suspending the table.</summary>
    public bool StopTaskOnTableError { get; init; }

    /// <summary>Retries of a recoverable error; -1: without end.</summary>
    public int RecoverableErrorCount { get; init; } = -1;

    /// <summary>The first pause between retries.</summary>
    public TimeSpan RecoverableErrorInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between retries.</summary>
    public TimeSpan RecoverableErrorThrottlingMax { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>Reads the document; what is not in it has DMS's default.</summary>
    /// <exception cref="ReplicationException">It is not JSON, or asks for something that this engine does not have.</exception>
    public static TaskSettings Parse(string? json)
    {
        using var document = Read(json);
        var root = document.RootElement;
        var metadata = Section(root, "TargetMetadata");
        var load = Section(root, "FullLoadSettings");
        var errors = Section(root, "ErrorBehavior");

        metadata.RefuseUnless("FullLobMode", !metadata.Flag("FullLobMode"), "S3 targets have limited LOB mode only; set LobMaxSize.");
        metadata.RefuseUnless(
            "InlineLobMaxSize", metadata.Number("InlineLobMaxSize", 0, 0) == 0, "S3 targets have limited LOB mode only; set LobMaxSize.");
        metadata.RefuseUnless("BatchApplyEnabled", !metadata.Flag("BatchApplyEnabled"), "S3 targets do not have it.");
        var validation = Section(root, "ValidationSettings");
        validation.RefuseUnless("EnableValidation", !validation.Flag("EnableValidation"), "compare the tables yourself.");

        return new TaskSettings
        {
            SupportLobs = metadata.Flag("SupportLobs", true),
            LobMaxSize = metadata.Number("LobMaxSize", 32, 1),
            TargetSchema = metadata.Text("TargetSchema", ""),
            DeleteObjectsBeforeLoad =
                load.OneOf("TargetTablePrepMode", "DO-NOTHING", "DROP-AND-CREATE", "TRUNCATE-BEFORE-LOAD") != "DO-NOTHING",
            MaxFullLoadSubTasks = load.Number("MaxFullLoadSubTasks", 8, 1, 49),
            TransactionConsistencyTimeout = TimeSpan.FromSeconds(load.Number("TransactionConsistencyTimeout", 600, 0)),
            StopTaskCachedChangesNotApplied = load.Flag("StopTaskCachedChangesNotApplied"),
            StopTaskCachedChangesApplied = load.Flag("StopTaskCachedChangesApplied"),
            FailOnTransactionConsistencyBreached = errors.Flag("FailOnTransactionConsistencyBreached"),
            FailOnNoTablesCaptured = errors.Flag("FailOnNoTablesCaptured", true),
            StopTaskOnTableError = errors.OneOf("TableErrorPolicy", "SUSPEND-TABLE", "STOP-TASK") == "STOP-TASK",
            RecoverableErrorCount = errors.Number("RecoverableErrorCount", -1, -1),
            RecoverableErrorInterval = TimeSpan.FromSeconds(errors.Number("RecoverableErrorInterval", 5, 0)),
            RecoverableErrorThrottlingMax = TimeSpan.FromSeconds(errors.Number("RecoverableErrorThrottlingMax", 1800, 0)),
        };
    }

    private static JsonDocument Read(string? json)
    {
        try
        {
            return JsonDocument.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json);
        }
        catch (JsonException error)
        {
            throw new ReplicationException($"ReplicationTaskSettings is not JSON: {error.Message}", error);
        }
    }

    private static SettingReader Section(JsonElement root, string name) =>
        new(name, root.TryGetProperty(name, out var section) ? section.Clone() : null, null);
}
