namespace Amazon.DatabaseMigrationService.Model;

/// <summary>A table that ReloadTables is to load again.</summary>
public sealed record TableToReload(string SchemaName, string TableName);
