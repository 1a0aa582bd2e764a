namespace Cdc.Harness.Commands;

/// <summary>A program to run, its arguments as a list: no shell reads them.</summary>
public sealed record Command(string FileName, params IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Set over the own environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Gets every line of output and errors as it comes.</summary>
    public Action<string>? OnLine { get; init; }

    public override string ToString() => string.Join(' ', [FileName, .. Arguments]);
}
