using System.Globalization;
using Cdc.Harness.Pipelines.Loads;
using Spectre.Console;

namespace Cdc.Cli.Output;

/// <summary>Says, now and then, how far the tables are that are being loaded.</summary>
/// <param name="estimates">Rows that a table is believed to have, by qualified name; empty where nobody knows.</param>
/// <param name="time">The clock.</param>
internal sealed class LoadProgress(IReadOnlyDictionary<string, long> estimates, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private long _said = time.GetTimestamp();

    /// <summary>Takes what was seen, and says it when it is time.</summary>
    public void Show(IReadOnlyList<TableLoadState> states)
    {
        if (time.GetElapsedTime(_said) < Interval)
        {
            return;
        }

        _said = time.GetTimestamp();
        foreach (var line in Lines(states))
        {
            AnsiConsole.MarkupLineInterpolated($"  [grey]{line}[/]");
        }
    }

    /// <summary>A line for each table that is being loaded, and one for those that wait.</summary>
    public IEnumerable<string> Lines(IReadOnlyList<TableLoadState> states)
    {
        foreach (var state in states.Where(state => state.Phase == LoadPhase.Loading))
        {
            var of = estimates.TryGetValue(state.Table.Qualified, out var rows) && rows > 0
                ? $" of about {Number(Math.Max(rows, state.Rows))}"
                : "";
            var since = state.Started is { } started
                ? $", since {started.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
                : "";
            yield return $"{state.Table.Qualified}: {Number(state.Rows)}{of} rows{since}";
        }

        var waiting = states.Where(state => state.Phase is LoadPhase.Queued or LoadPhase.NeverLoaded or LoadPhase.Unknown)
            .Select(state => state.Table.Qualified).ToList();
        if (waiting.Count > 0)
        {
            yield return $"waiting: {string.Join(", ", waiting)}";
        }
    }

    private static string Number(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture);
}
