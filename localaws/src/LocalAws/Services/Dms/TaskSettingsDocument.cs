using System.Text.Json;
using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Dms;

/// <summary>The settings document of a task: partial on the way in, complete on the way out, as DMS does it.</summary>
internal static class TaskSettingsDocument
{
    /// <summary>Lays what was given over the defaults, section by section.</summary>
    /// <exception cref="AwsException">The document is not a JSON object.</exception>
    public static JsonObject Merge(JsonObject current, string? given)
    {
        var merged = (JsonObject)current.DeepClone();
        if (string.IsNullOrWhiteSpace(given))
        {
            return merged;
        }

        try
        {
            Lay((JsonObject)(JsonNode.Parse(given) ?? new JsonObject()), merged);
            return merged;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidCastException)
        {
            throw new AwsException("InvalidParameterValueException", $"Invalid task settings JSON: {malformed.Message}");
        }
    }

    /// <summary>DMS's defaults (reference: a real task's complete document).</summary>
    public static JsonObject Defaults() => (JsonObject)JsonNode.Parse("""
        {
          "TargetMetadata": {"TargetSchema": "", "SupportLobs": true, "FullLobMode": false, "LobChunkSize": 64,
            "LimitedSizeLobMode": true, "LobMaxSize": 32,
            "InlineLobMaxSize": 0, "LoadMaxFileSize": 0, "ParallelLoadThreads": 0, "ParallelLoadBufferSize": 0,
            "BatchApplyEnabled": false, "TaskRecoveryTableEnabled": false,
            "ParallelLoadQueuesPerThread": 0, "ParallelApplyThreads": 0, "ParallelApplyBufferSize": 0, "ParallelApplyQueuesPerThread": 0},
          "FullLoadSettings": {"TargetTablePrepMode": "DO_NOTHING", "CreatePkAfterFullLoad": false, "StopTaskCachedChangesApplied": false,
            "StopTaskCachedChangesNotApplied": false, "MaxFullLoadSubTasks": 8, "TransactionConsistencyTimeout": 600, "CommitRate": 10000},
          "Logging": {"EnableLogging": false, "EnableLogContext": false, "LogComponents": [], "CloudWatchLogGroup": null,
            "CloudWatchLogStream": null},
          "ControlTablesSettings": {"historyTimeslotInMinutes": 5, "ControlSchema": "", "HistoryTimeslotInMinutes": 5,
            "HistoryTableEnabled": false,
            "SuspendedTablesTableEnabled": false, "StatusTableEnabled": false, "FullLoadExceptionTableEnabled": false},
          "StreamBufferSettings": {"StreamBufferCount": 3, "StreamBufferSizeInMB": 8, "CtrlStreamBufferSizeInMB": 5},
          "ChangeProcessingDdlHandlingPolicy": {"HandleSourceTableDropped": true, "HandleSourceTableTruncated": true,
            "HandleSourceTableAltered": true},
          "ErrorBehavior": {"DataErrorPolicy": "LOG_ERROR", "EventErrorPolicy": "IGNORE", "DataTruncationErrorPolicy": "LOG_ERROR",
            "DataErrorEscalationPolicy": "SUSPEND_TABLE",
            "DataErrorEscalationCount": 0, "TableErrorPolicy": "SUSPEND_TABLE", "TableErrorEscalationPolicy": "STOP_TASK",
            "TableErrorEscalationCount": 0,
            "RecoverableErrorCount": -1, "RecoverableErrorInterval": 5, "RecoverableErrorThrottling": true,
            "RecoverableErrorThrottlingMax": 1800,
            "RecoverableErrorStopRetryAfterThrottlingMax": true, "ApplyErrorDeletePolicy": "IGNORE_RECORD",
            "ApplyErrorInsertPolicy": "LOG_ERROR",
            "ApplyErrorUpdatePolicy": "LOG_ERROR", "ApplyErrorEscalationPolicy": "LOG_ERROR", "ApplyErrorEscalationCount": 0,
            "ApplyErrorFailOnTruncationDdl": false,
            "FullLoadIgnoreConflicts": true, "FailOnTransactionConsistencyBreached": false, "FailOnNoTablesCaptured": true},
          "ChangeProcessingTuning": {"BatchApplyPreserveTransaction": true, "BatchApplyTimeoutMin": 1, "BatchApplyTimeoutMax": 30,
            "BatchApplyMemoryLimit": 500,
            "BatchSplitSize": 0, "MinTransactionSize": 1000, "CommitTimeout": 1, "MemoryLimitTotal": 1024, "MemoryKeepTime": 60,
            "StatementCacheSize": 50, "RecoveryTimeout": -1},
          "ValidationSettings": {"EnableValidation": false, "ValidationMode": "ROW_LEVEL", "ThreadCount": 5},
          "PostProcessingRules": null, "CharacterSetSettings": null, "LoopbackPreventionSettings": null, "BeforeImageSettings": null,
          "TTSettings": null,
          "FailTaskWhenCleanTaskResourceFailed": false
        }
        """)!;

    private static void Lay(JsonObject given, JsonObject onto)
    {
        foreach (var (name, value) in given)
        {
            if (value is JsonObject section && onto[name] is JsonObject under)
            {
                Lay(section, under);
            }
            else
            {
                onto[name] = value?.DeepClone();
            }
        }
    }
}
