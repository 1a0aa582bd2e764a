namespace LocalAws.Replication.State;

/// <summary>Statistics of a table that outlive the process.</summary>
internal sealed record TableState(bool Loaded, long FullLoadRows, long Inserts, long Updates, long Deletes, DateTime? FullLoadStart, DateTime? FullLoadEnd);
