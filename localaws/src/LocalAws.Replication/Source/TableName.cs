namespace LocalAws.Replication.Source;

/// <summary>What a table is known by, in the catalog and in the checkpoint.</summary>
internal readonly record struct TableName(string Schema, string Name)
{
    /// <summary>For messages; two tables may have the same.</summary>
    public override string ToString() => $"{Schema}.{Name}";
}
