using System.CommandLine;
using Amazon.Athena.Model;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Runs a query over the final tables and prints the answer.</summary>
internal static class QueryCommand
{
    private const string Example = "Give the query: make query SQL=\"SELECT count(*) FROM public_orders\"";

    public static Command Create()
    {
        var sql = new Option<string>("--sql") { Description = "The query, in Athena's SQL.", HelpName = "QUERY", Required = true };
        sql.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError(Example);
            }
        });
        return new EnvironmentCommand(
            "query",
            "Run a query over the final tables, by Athena.",
            (environment, parsed, cancellationToken) => RunAsync(environment, parsed.GetValue(sql)!, cancellationToken))
        {
            sql,
        };
    }

    private static async Task<int> RunAsync(TargetedEnvironment environment, string sql, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
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
