namespace Cdc.Harness.Pipelines;

/// <summary>The pipeline cannot do what was asked; the message says what is wrong, where, and what to do.</summary>
public sealed class PipelineException(string message) : Exception(message);
