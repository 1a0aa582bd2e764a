namespace Amazon.DatabaseMigrationService.Model;

/// <summary>What a task did with a table since it was started.</summary>
/// <param name="TableState">For example <c>Full load</c>, <c>Table completed</c> or <c>Table error</c>.</param>
public sealed record TableStatistics(
    string SchemaName, string TableName, string TableState, long FullLoadRows, long Inserts, long Updates, long Deletes);
