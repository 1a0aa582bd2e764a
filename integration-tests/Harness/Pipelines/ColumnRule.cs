namespace Cdc.Harness.Pipelines;

/// <summary>The rule of one column.</summary>
/// <param name="Mask">sha256, redact or last4; null for none.</param>
public sealed record ColumnRule(string? Mask);
