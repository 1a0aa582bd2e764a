namespace Cdc.Harness.Shop;

/// <summary>A transaction of the work on the shop.</summary>
/// <param name="Rows">Rows that it inserts, updates and deletes; null when nothing of it stays.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record ShopTransaction(int? Rows, string Sql);
