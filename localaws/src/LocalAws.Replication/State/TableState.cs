using LocalAws.Replication.Source;

namespace LocalAws.Replication.State;

/// <summary>What outlives the process of a table: whether its load is complete, and its statistics.</summary>
internal sealed record TableState(
    TableName Table, bool Loaded, long FullLoadRows = 0, long Inserts = 0, long Updates = 0, long Deletes = 0,
    DateTime? FullLoadStart = null, DateTime? FullLoadEnd = null, bool FullLoadReloaded = false);
