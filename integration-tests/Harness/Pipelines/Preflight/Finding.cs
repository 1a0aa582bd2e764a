namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>Something about a table, or about the server, that its owner has to know before the task starts.</summary>
/// <param name="Kind">What it means for the start.</param>
/// <param name="Message">What is so, and what follows.</param>
/// <param name="Remedy">The SQL or the step that helps; null where nothing does.</param>
public sealed record Finding(FindingKind Kind, string Message, string? Remedy = null)
{
    /// <summary>The message, and the remedy where there is one.</summary>
    public override string ToString() => Remedy is null ? Message : $"{Message} {Remedy}";
}
