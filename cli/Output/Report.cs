using System.Globalization;
using Cdc.Cli.Environments;
using Cdc.Harness.Comparison;
using Cdc.Harness.Pipelines;
using Spectre.Console;

namespace Cdc.Cli.Output;

/// <summary>What the demo shows at its end.</summary>
internal static class Report
{
    /// <param name="configured">The same tables as they are configured: their rules explain why a right table is not a plain copy.</param>
    public static void Tables(IReadOnlyList<TableComparison> tables, IReadOnlyList<ReplicatedTable> configured)
    {
        AnsiConsole.MarkupLine("\n[bold]Tables[/]: source, final table and change log");
        var shown = new Table().AddColumns(
            "table", "rows in source", "rows in final table", "final table", "rows in change log", "change log");
        foreach (var table in tables)
        {
            shown.AddRow(
                table.Table,
                Number(table.SourceRows),
                table.FinalRows is { } rows ? Number(rows) : "no key: log alone",
                table.Final is { } final ? Verdict(final.IsEmpty) : "[grey]–[/]",
                Number(table.LogRows),
                Verdict(table.LogIsRight));
        }

        AnsiConsole.Write(shown);
        foreach (var table in configured.Where(table => Rules(table).Any()))
        {
            AnsiConsole.MarkupLineInterpolated($"  [grey]{table.Qualified}: {string.Join("; ", Rules(table))}[/]");
        }

        foreach (var wrong in tables.Where(table => !table.IsRight))
        {
            AnsiConsole.WriteLine($"{wrong}");
        }
    }

    public static void Journey(IReadOnlyList<Hop> hops)
    {
        AnsiConsole.MarkupLine("\n[bold]The way of one row[/]");
        var shown = new Table().AddColumns("hop", "time (UTC)", "after commit", "where");
        foreach (var hop in hops)
        {
            shown.AddRow(
                new Text(hop.Place),
                new Text($"{hop.Time:HH:mm:ss.fff}"),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{(hop.Time - hops[0].Time).TotalSeconds:F2} s")),
                new Text(hop.Name));
        }

        AnsiConsole.Write(shown);
    }

    public static void Next(EnvironmentFolder environment)
    {
        var of = environment.Name == "local" ? "" : $" {environment.Selector}";
        AnsiConsole.MarkupLineInterpolated($"""

            [bold]What to do next[/]
              make status{of}    the task with its tables, the job's runs, the processes
              make logs{of}      the latest lines of task, function and job
              make query{of} SQL="SELECT * FROM public_orders_changes LIMIT 5"
              make down      stop the local AWS and all in it
            """);
    }

    private static IEnumerable<string> Rules(ReplicatedTable table) =>
        (table.Filter is { } filter ? new[] { $"only rows with {filter}" } : [])
        .Concat(
            (table.Columns ?? new Dictionary<string, ColumnRule>()).Where(column => column.Value.Mask is not null).Select(
                column => $"{column.Key} is masked ({column.Value.Mask})"))
        .Concat((table.Derived ?? new Dictionary<string, string>()).Select(column => $"{column.Key} is {column.Value}"));

    private static string Verdict(bool right) => right ? "[green]right[/]" : "[red]wrong[/]";

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
