using System.Diagnostics;
using Spectre.Console;

namespace Cdc.Cli.Output;

/// <summary>Prints what is done, each step with its time; the same with and without a terminal.</summary>
internal static class Steps
{
    private const int Width = 46;

    /// <summary>Runs a step; it returns a remark on what it did, or null.</summary>
    public static async Task RunAsync(string name, Func<Task<string?>> step)
    {
        var watch = Stopwatch.StartNew();
        string? remark;
        try
        {
            remark = await step();
        }
        catch
        {
            Line("[red]✗[/]", name, watch.Elapsed, null);
            throw;
        }

        Line("[green]✓[/]", name, watch.Elapsed, remark);
    }

    public static Task RunAsync(string name, Func<Task> step) => RunAsync(name, async () =>
    {
        await step();
        return null;
    });

    private static void Line(string mark, string name, TimeSpan took, string? remark) =>
        AnsiConsole.MarkupLine(
            $"{mark} {Markup.Escape(name.PadRight(Width))} {took.TotalSeconds,7:F1} "
            + $"s{(remark is null ? "" : $"  [grey]{Markup.Escape(remark)}[/]")}");
}
