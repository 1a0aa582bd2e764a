using System.Text;
using LocalAws.Postgres;
using LocalAws.Replication.Decoding;
using LocalAws.Replication.Recovery;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Source;
using Npgsql;

namespace LocalAws.Replication.Changes;

/// <summary>
/// Finds what a table was when a change was made whose columns are not those of its present definition. The log prints names and types
/// of that time; lengths and digits of a type are taken from the catalog, which has those of now.
/// </summary>
internal sealed class DefinitionResolver(string connectionString, DefinitionBuilder builder, Retry retry, Reporter reporter)
{
    /// <summary>Gives the table the definition that a change has.</summary>
    /// <returns>False if that is the one which the table has.</returns>
    /// <exception cref="TableFaultException">The table cannot be captured with these columns.</exception>
    public async Task<bool> ResolveAsync(CapturedTable table, DecodedChange change, CancellationToken cancellationToken)
    {
        var resolved = false;
        await retry.RunAsync(
            "Reading the catalog",
            ConnectionLoss.IsRecoverable,
            async token => resolved = await ResolveOnceAsync(table, change, token),
            cancellationToken);
        return resolved;
    }

    private async Task<bool> ResolveOnceAsync(CapturedTable table, DecodedChange change, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var catalog = new Catalog(connection);
        var known = table.Definition.Source;
        var now = await catalog.TableAsync(known.Schema, known.Name, cancellationToken) ?? known;
        var then = await ColumnsAsync(catalog, now, known, Headers(change), cancellationToken);
        // An old row has some of the columns: the others are those of now.
        var columns = change.Operation == 'D'
            ? [.. then, .. now.Columns.Where(column => then.All(old => old.Name != column.Name))]
            : then;
        var source = LeavingOutDropped(now with { Columns = columns }, now);
        if (source.Columns.SequenceEqual(known.Columns))
        {
            return false;
        }

        table.Redefine(builder.Build(source, table.Rule));
        table.Target.Statistics.Update(current => current with { Ddls = current.Ddls + 1 });
        reporter.Info(
            LogComponents.SourceCapture,
            $"The definition of {source.Display} changed: "
            + $"{string.Join(", ", source.Columns.Select(column => $"{column.Name} {column.Type.Name}"))}.");
        return true;
    }

    /// <summary>Names and types of the new row, as the log prints them.</summary>
    private static List<(string Name, string Type)> Headers(DecodedChange change)
    {
        var text = change.Columns;
        if (text.TakeOldKey())
        {
            while (text.TryHeader(out _, out _))
            {
            }

            text.TakeNewTuple();
        }

        var headers = new List<(string, string)>();
        while (text.TryHeader(out var name, out var type))
        {
            headers.Add((Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(type)));
        }

        return headers;
    }

    private static async Task<IReadOnlyList<SourceColumn>> ColumnsAsync(
        Catalog catalog, SourceTable now, SourceTable known, List<(string Name, string Type)> headers, CancellationToken cancellationToken)
    {
        var keys = now.Columns.Where(column => column.IsPrimaryKey).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var columns = new List<SourceColumn>();
        foreach (var (quoted, type) in headers)
        {
            var logName = $"{quoted}[{type}]";
            var same = now.Columns.FirstOrDefault(column => column.LogName == logName) ?? known.Columns.FirstOrDefault(
                column => column.LogName == logName);
            var name = SqlText.Name(quoted);
            columns.Add(same ?? new SourceColumn(
                name, await catalog.TypeAsync(type, cancellationToken) ?? new PgType(0, -1, type), keys.Contains(name), logName));
        }

        return columns;
    }

    /// <summary>
    /// A column that the source no longer has, and whose name is one of the files' own, is left out: nobody can rename it any more, and the
    /// table's other columns would stay behind for ever.
    /// </summary>
    private SourceTable LeavingOutDropped(SourceTable then, SourceTable now)
    {
        var own = builder.OwnNames(then);
        var present = now.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return then with
        {
            Columns =
            [
                .. then.Columns.Select(column => column with
                {
                    IsLeftOut = column.IsVirtual || (own.Contains(column.Name) && !present.Contains(column.Name)),
                }),
            ],
        };
    }
}
