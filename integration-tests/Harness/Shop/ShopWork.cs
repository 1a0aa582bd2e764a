namespace Cdc.Harness.Shop;

/// <summary>The work on the shop, transaction by transaction.</summary>
internal static class ShopWork
{
    private const int UpdatesOfOneRow = 200;

    /// <param name="c">First free customer id.</param>
    /// <param name="p">First free product id.</param>
    /// <param name="o">First free order id.</param>
    public static IEnumerable<ShopTransaction> Transactions(long c, long p, long o)
    {
        // Inserts, updates, deletes.
        yield return new(20, ShopRows.Customers($"{c}", $"{c + 19}"));
        yield return new(20, ShopRows.Products($"{p}", $"{p + 19}"));
        yield return new(20, ShopRows.Orders($"{o}", $"{o + 19}"));
        yield return new(60, ShopRows.OrderItems($"{o}", $"{o + 19}"));
        yield return new(
            5,
            $"UPDATE customers SET first_name = E'changed, \"twice\"\\n✓', credit = NULL, preferences = '{{\"changed\": true}}' WHERE "
            + $"customer_id BETWEEN {c} AND {c + 4}");
        yield return new(5, $"UPDATE customers SET email = 'new-' || email, vip = NOT vip WHERE customer_id BETWEEN {c + 5} AND {c + 9}");
        yield return new(
            10, $"UPDATE orders SET status = 'paid', total = total * 2, tracking = NULL WHERE order_id BETWEEN {o} AND {o + 9}");
        yield return new(2, $"DELETE FROM orders WHERE order_id BETWEEN {o + 15} AND {o + 16}");
        yield return new(3, $"DELETE FROM order_items WHERE order_id = {o + 15}");

        // Rows that leave the filter of products and come back.
        yield return new(10, $"UPDATE products SET discontinued = true WHERE product_id BETWEEN {p} AND {p + 9}");
        yield return new(4, $"UPDATE products SET discontinued = false WHERE product_id BETWEEN {p} AND {p + 3}");
        yield return new(1, $"UPDATE products SET discontinued = NULL WHERE product_id = {p + 4}");

        // Updates of primary keys: a single one, a composite one, and one that another row takes over.
        yield return new(1, $"UPDATE customers SET customer_id = {c + 50} WHERE customer_id = {c + 10}");
        yield return new(1, $"UPDATE customers SET customer_id = {c + 10} WHERE customer_id = {c + 11}");
        yield return new(3, $"UPDATE order_items SET line_number = line_number + 10 WHERE order_id = {o + 1}");

        // One transaction over three tables.
        yield return new(4, $"""
            UPDATE customers SET balance = balance - 100 WHERE customer_id = {c + 12};
            INSERT INTO orders (order_id, customer_id, status, total) VALUES ({o + 30}, {c + 12}, 'new', 100);
            INSERT INTO order_items (order_id, line_number, product_id, quantity, price) VALUES ({o + 30}, 1, {p + 12}, 2, 50.00);
            UPDATE orders SET status = 'paid' WHERE order_id = {o + 30}
            """);

        // A transaction that never was. ExecuteAsync runs it as it stands: its own block.
        yield return new(null, $"BEGIN; {ShopRows.Customers($"{c + 60}", $"{c + 65}")}; DELETE FROM orders; ROLLBACK");

        // A delete followed by an insert of the same key: over two transactions, and within one.
        yield return new(1, $"DELETE FROM customers WHERE customer_id = {c + 13}");
        yield return new(1, $"INSERT INTO customers (customer_id, email, last_name) VALUES ({c + 13}, 'again@example.com', 'Again')");
        yield return new(2,
            $"DELETE FROM customers WHERE customer_id = {c + 14}; "
            + $"INSERT INTO customers (customer_id, last_name) VALUES ({c + 14}, 'At once')");

        // Many updates of one row.
        for (var n = 1; n <= UpdatesOfOneRow; n++)
        {
            yield return new(1, $"UPDATE orders SET items = {n}, note = 'update {n}' WHERE order_id = {o + 2}");
        }

        // A table without a key: inserts travel; updates and deletes succeed here and go no further.
        yield return new(30, ShopRows.Events($"{1000 + o}", $"{1000 + o + 29}"));
        // Found again by a text of their own, because every column of the other rows is NULL somewhere.
        yield return new(2,
            "INSERT INTO event_log (kind, message) "
            + $"VALUES ('correction', 'to be rewritten, {o}'), ('correction', 'to be deleted, {o}')");
        yield return new(1, $"UPDATE event_log SET message = 'rewritten' WHERE message = 'to be rewritten, {o}'");
        yield return new(1, $"DELETE FROM event_log WHERE message = 'to be deleted, {o}'");
    }
}
