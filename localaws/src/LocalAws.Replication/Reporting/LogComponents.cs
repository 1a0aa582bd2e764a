namespace LocalAws.Replication.Reporting;

/// <summary>DMS's log components.</summary>
internal static class LogComponents
{
    public const string TaskManager = "TASK_MANAGER";
    public const string TablesManager = "TABLES_MANAGER";
    public const string SourceUnload = "SOURCE_UNLOAD";
    public const string SourceCapture = "SOURCE_CAPTURE";
    public const string TargetLoad = "TARGET_LOAD";
    public const string TargetApply = "TARGET_APPLY";
    public const string FileTransfer = "FILE_TRANSFER";
}
