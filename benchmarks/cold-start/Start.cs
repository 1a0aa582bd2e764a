namespace Cdc.ColdStart;

/// <summary>One start of the function.</summary>
/// <param name="Milliseconds">From the start of the process to its first response.</param>
/// <param name="PeakBytes">The most memory that the process had until then.</param>
internal sealed record Start(double Milliseconds, long PeakBytes);
