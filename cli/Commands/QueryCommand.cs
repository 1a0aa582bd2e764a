using Amazon.Athena.Model;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Runs a query over the final tables and prints the answer.</summary>
internal static class QueryCommand
{
    public static async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var sql = options.Sql is { Length: > 0 } given
            ? given
            : throw new UsageException("Give the query: make query SQL=\"SELECT count(*) FROM public_orders\"");
        await using var deployment = await Stack.OpenAsync(options, cancellationToken);
        Print(await deployment.Athena.RunAsync(sql, cancellationToken));
        return 0;
    }

    public static void Print(ResultSet answer)
    {
        var table = new Table();
        foreach (var column in answer.Columns)
        {
            table.AddColumn(Markup.Escape(column));
        }

        foreach (var row in answer.Rows)
        {
            table.AddRow(row.Select(value => new Text(value ?? "NULL")));
        }

        AnsiConsole.Write(table);
    }
}
