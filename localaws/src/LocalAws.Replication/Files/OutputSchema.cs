using System.Text;
using LocalAws.Postgres;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>
/// The columns of a table's files, in the order that DMS gives them: Op, timestamp, source columns, added columns, before-images.
/// Load and change files may differ in the Op column.
/// </summary>
internal sealed record OutputSchema(
    string Schema, string Table, string Display, IReadOnlyList<OutputColumn> Load, IReadOnlyList<OutputColumn> Changes,
    IReadOnlyList<int> Keys)
{
    private static readonly ColumnType PlainText = new(ValueKind.Text);

    /// <exception cref="TableFaultException">Two columns would have one name.</exception>
    public static OutputSchema Build(
        SourceTable table, TableMappings mappings, TypeMapping types, S3TargetSettings target, TaskSettings task)
    {
        var schema = Compose(table, mappings, types, target, task);
        CheckNames(table, schema.Changes);
        return schema;
    }

    /// <summary>Names of the columns that files of the table have beside those of the source.</summary>
    public static IReadOnlySet<string> OwnNames(
        SourceTable table, TableMappings mappings, TypeMapping types, S3TargetSettings target, TaskSettings task) =>
        Compose(table, mappings, types, target, task).Changes
            .Where(column => column.Kind != OutputKind.Source)
            .Select(column => column.Name)
            .ToHashSet(StringComparer.Ordinal);

    private static OutputSchema Compose(
        SourceTable table, TableMappings mappings, TypeMapping types, S3TargetSettings target, TaskSettings task)
    {
        var valueTypes = table.Columns.Select(column => types.Map(column.Type)).ToList();
        var usable = table.Columns.Where((column, i) => !column.IsLeftOut && (task.SupportLobs || !valueTypes[i].IsLob)).ToList();
        var indexOf = table.Columns.Select(
            (column, i) => (column.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i, StringComparer.Ordinal);
        var mapped = mappings.Map(
            table.Schema,
            table.Name,
            [.. usable.Select(column =>
                new SourceColumnInfo(
                    column.Name, column.Type.Name, column.IsPrimaryKey, valueTypes[indexOf[column.Name]].IsLob))]);

        OutputColumn FromSource(MappedColumn column, OutputKind kind) =>
            new(column.TargetName, kind, valueTypes[indexOf[column.SourceName]], indexOf[column.SourceName]);

        List<OutputColumn> common =
        [
            .. target.TimestampColumnName is { } name
                ? [new OutputColumn(name, OutputKind.Timestamp, PlainText)]
                : Array.Empty<OutputColumn>(),
            .. mapped.Columns.Select(column => FromSource(column, OutputKind.Source)),
            .. mapped.Added.Select(Added),
            .. mapped.BeforeImages.Select(column => FromSource(column, OutputKind.BeforeImage)),
        ];
        OutputColumn[] operation = [new OutputColumn("Op", OutputKind.Operation, PlainText)];
        OutputColumn[] load = [.. target.IncludeOpForFullLoad ? operation : [], .. common];
        OutputColumn[] changes = [.. target.IncludeOpForFullLoad || !target.CdcInsertsOnly ? operation : [], .. common];
        return new OutputSchema(
            task.TargetSchema.Length > 0 ? task.TargetSchema : mapped.Schema,
            mapped.Table,
            table.Display,
            load,
            changes,
            [.. table.Columns.Select((column, i) => (column, i)).Where(pair => pair.column.IsPrimaryKey).Select(pair => pair.i)]);
    }

    private static OutputColumn Added(AddedColumn column)
    {
        var length = column.Length ?? int.MaxValue;
        return column.Header switch
        {
            "AR_H_CHANGE_SEQ" => new OutputColumn(column.Name, OutputKind.ChangeSequence, PlainText, MaxLength: length),
            "AR_H_STREAM_POSITION" => new OutputColumn(column.Name, OutputKind.StreamPosition, PlainText, MaxLength: length),
            "AR_H_TIMESTAMP" or "AR_H_COMMIT_TIMESTAMP" => new OutputColumn(
                column.Name, OutputKind.CommitTimestamp, new ColumnType(ValueKind.Timestamp)),
            "AR_H_OPERATION" => new OutputColumn(column.Name, OutputKind.OperationName, PlainText, MaxLength: length),
            _ => new OutputColumn(
                column.Name, OutputKind.Constant, PlainText, Constant: Encoding.UTF8.GetBytes(column.Constant!), MaxLength: length),
        };
    }

    private static void CheckNames(SourceTable table, IEnumerable<OutputColumn> columns)
    {
        var twice = columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
        {
            throw new TableFaultException(
                $"The files of table {table.Display} would have two columns named '{twice.Key}', one of the source and one of the task: "
                + $"ALTER TABLE {table.Quoted} RENAME COLUMN {SqlText.Identifier(twice.Key)} TO another name, or rename it "
                + "by a transformation rule.");
        }
    }
}
