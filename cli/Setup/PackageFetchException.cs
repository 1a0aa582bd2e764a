namespace Cdc.Cli.Setup;

/// <summary>A registry did not give a package; the message is its reason.</summary>
internal sealed class PackageFetchException(string message) : Exception(message);
