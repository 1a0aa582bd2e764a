namespace Cdc.Cli.Interface;

/// <summary>Something that the user can put right; the message says what and how, and no stack trace is shown.</summary>
internal sealed class UsageException(string message) : Exception(message);
