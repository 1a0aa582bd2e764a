using System.Globalization;

namespace Cdc.Harness.Pipelines.State;

/// <summary>One full load of a table, as the task's statistics tell it: <c>loads/TABLE/STARTED.json</c>.</summary>
/// <param name="Table">Qualified name.</param>
/// <param name="Started">When DMS began it.</param>
/// <param name="Complete">When it ended without an error; null while it lasts, or when it failed.</param>
/// <param name="Rows">Rows that it had by then.</param>
/// <param name="Task">ARN of the task.</param>
public sealed record LoadDocument(string Table, string Started, string? Complete, long Rows, string Task)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Version of the document's form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The name of its object.</summary>
    public string Name => $"{Time(Started).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.json";

    /// <summary>A load whose times are UTC.</summary>
    public static LoadDocument Of(string table, DateTimeOffset started, DateTimeOffset? complete, long rows, string task) =>
        new(table, Text(started), complete is { } end ? Text(end) : null, rows, task);

    /// <summary>
    /// Whether it replaces what lies under its name: a load that is complete is not taken back, and one that goes on is said once.
    /// </summary>
    public bool Replaces(LoadDocument? there)
    {
        if (there is null)
        {
            return true;
        }

        var isSame = (there.Started, there.Task) == (Started, Task);
        return isSame ? there.Complete is null && Complete is not null : string.CompareOrdinal(there.Started, Started) <= 0;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    private static DateTime Time(string text) =>
        DateTime.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
