namespace Cdc.Harness.Local;

/// <summary>The local AWS did not start; the message holds the end of its log.</summary>
public sealed class LocalStackException(string message) : Exception(message);
