namespace LocalAws.Replication.Changes;

/// <summary>A table as the log describes it in front of its first change and after every change of its definition.</summary>
internal sealed record RelationMessage(uint Oid, string Schema, string Table, byte ReplicaIdentity, IReadOnlyList<RelationColumn> Columns)
{
    /// <summary>Whether old rows come whole.</summary>
    public bool FullIdentity => ReplicaIdentity == 'f';

    public static RelationMessage Read(ref MessageReader reader)
    {
        var oid = reader.UInt32();
        var schema = reader.Text();
        var table = reader.Text();
        var identity = reader.Byte();
        var columns = new RelationColumn[reader.Int16()];
        for (var i = 0; i < columns.Length; i++)
        {
            reader.Byte();
            columns[i] = new RelationColumn(reader.Text(), reader.UInt32(), reader.Int32());
        }

        return new RelationMessage(oid, schema.Length == 0 ? "pg_catalog" : schema, table, identity, columns);
    }
}
