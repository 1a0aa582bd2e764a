using Cdc.Harness.Pipelines;

namespace Cdc.Harness.Shop;

/// <summary>The shop: its tables, its first rows, and the work on it. Demo and end-to-end test share it.</summary>
public sealed class ShopDatabase(SourceDatabase source)
{
    private const int Customers = 400;
    private const int Products = 150;
    private const int Orders = 600;
    private const int Events = 120;

    /// <summary>Its tables, all of the schema <c>public</c>.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["customers", "products", "orders", "order_items", "event_log"];

    /// <summary>Creates the tables; those that are there stay.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using var resource = typeof(ShopDatabase).Assembly.GetManifestResourceStream("Cdc.Harness.Shop.schema.sql")!;
        using var reader = new StreamReader(resource);
        await source.ExecuteAsync(await reader.ReadToEndAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Writes the rows that are there before a task starts, unless the shop has rows.</summary>
    /// <returns>Whether rows were written.</returns>
    public async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (await source.ScalarAsync("SELECT count(*) FROM customers", cancellationToken) != "0")
        {
            return false;
        }

        await source.ExecuteAsync(
            string.Join(
                ";\n", ShopRows.Customers("1", $"{Customers}"), ShopRows.Products("1", $"{Products}"), ShopRows.Orders("1", $"{Orders}"),
                ShopRows.OrderItems("1", $"{Orders}"), ShopRows.Events("1", $"{Events}")),
            cancellationToken);
        return true;
    }

    /// <summary>
    /// Writes to the tables with a key, transaction after transaction, until it is cancelled: what a full load meets in a shop that is
    /// open.
    /// </summary>
    /// <returns>Number of transactions.</returns>
    public async Task<int> WriteUntilAsync(CancellationToken cancellationToken)
    {
        var transactions = 0;
        var (customer, product, order) =
            (await NextAsync("customers", "customer_id"), await NextAsync("products", "product_id"), await NextAsync("orders", "order_id"));
        while (!cancellationToken.IsCancellationRequested)
        {
            var (c, p, o) = ($"{customer + transactions}", $"{product + transactions}", $"{order + transactions}");
            // Not cancelled midway: every transaction that begins ends.
            await source.ExecuteAsync(
                $"""
                {ShopRows.Customers(c, c)}; {ShopRows.Products(p, p)}; {ShopRows.Orders(o, o)}; {ShopRows.OrderItems(o, o)};
                UPDATE customers SET balance = balance + 1, seen = localtimestamp WHERE customer_id % 50 = {transactions % 50};
                UPDATE products SET stock = stock - 1 WHERE product_id % 40 = {transactions % 40} AND stock > 0;
                DELETE FROM order_items WHERE order_id = {transactions + 1} AND line_number = 3
                """,
                CancellationToken.None);
            transactions++;
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return transactions;
    }

    /// <summary>A round of work with everything that a change stream can hold. Rounds may follow each other.</summary>
    /// <returns>Number of transactions.</returns>
    /// <exception cref="InvalidOperationException">A transaction did not change the rows that it is written for.</exception>
    public async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        var work = ShopWork.Transactions(
            await NextAsync("customers", "customer_id"),
            await NextAsync("products", "product_id"),
            await NextAsync("orders", "order_id")).ToList();
        foreach (var transaction in work)
        {
            var rows = await source.ExecuteAsync(transaction.Sql, cancellationToken);
            if (transaction.Rows is { } expected && rows != expected)
            {
                throw new InvalidOperationException(
                    $"The work on the shop changed {rows} rows where it should have changed {expected}, "
                    + "so it would not show what it is for. "
                    + $"Its statements: {transaction.Sql}");
            }
        }

        return work.Count;
    }

    /// <summary>Commits one new customer, as a row to follow.</summary>
    /// <returns>The new customer's id.</returns>
    public async Task<long> AddCustomerAsync(CancellationToken cancellationToken)
    {
        var id = await NextAsync("customers", "customer_id");
        await source.ExecuteAsync(ShopRows.Customers($"{id}", $"{id}"), cancellationToken);
        return id;
    }

    private async Task<long> NextAsync(string table, string key) =>
        long.Parse(
            (await source.ScalarAsync($"SELECT coalesce(max({key}), 0) + 1 FROM {table}", CancellationToken.None))!,
            System.Globalization.CultureInfo.InvariantCulture);
}
