using System.Collections.Immutable;

namespace LocalAws.Services.Rds;

/// <summary>A DB parameter group: only what its user set; all else is the engine's default.</summary>
internal sealed class ParameterGroup
{
    public required string Name { get; init; }

    /// <summary>For example <c>postgres16</c>.</summary>
    public required string Family { get; init; }

    public required string Description { get; init; }

    public required string Arn { get; init; }

    /// <summary>Name → value and apply method (<c>immediate</c> or <c>pending-reboot</c>); swapped as a whole when it changes.</summary>
    public ImmutableSortedDictionary<string, (string Value, string ApplyMethod)> Parameters { get; set; } =
        ImmutableSortedDictionary.Create<string, (string Value, string ApplyMethod)>(StringComparer.Ordinal);

    /// <summary>Name → value.</summary>
    public IReadOnlyDictionary<string, string> Values =>
        Parameters.ToDictionary(item => item.Key, item => item.Value.Value, StringComparer.Ordinal);
}
