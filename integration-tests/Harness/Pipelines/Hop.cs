namespace Cdc.Harness.Pipelines;

/// <summary>A place that a row passed.</summary>
/// <param name="Place">What kind of place.</param>
/// <param name="Name">Which one: an object's key, a run's id.</param>
/// <param name="Time">When it passed.</param>
public sealed record Hop(string Place, string Name, DateTimeOffset Time);
