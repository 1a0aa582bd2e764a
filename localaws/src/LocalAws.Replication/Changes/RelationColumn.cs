namespace LocalAws.Replication.Changes;

/// <summary>A column as the log describes it.</summary>
internal sealed record RelationColumn(string Name, uint TypeOid, int Modifier);
