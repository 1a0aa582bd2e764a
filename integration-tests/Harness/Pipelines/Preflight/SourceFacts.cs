namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>What the preflight knows of a source database.</summary>
/// <param name="Database">Its name.</param>
/// <param name="User">DMS's user.</param>
/// <param name="Version"><c>server_version_num</c>.</param>
/// <param name="Encoding">Encoding of the database.</param>
/// <param name="WalLevel"><c>wal_level</c>.</param>
/// <param name="Tables">Tables, views and the like, by their qualified names.</param>
public sealed record SourceFacts(
    string Database, string User, int Version, string Encoding, string WalLevel, IReadOnlyDictionary<string, SourceTableFacts> Tables);
