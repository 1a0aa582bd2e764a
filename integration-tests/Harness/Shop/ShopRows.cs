namespace Cdc.Harness.Shop;

/// <summary>
/// INSERT statements for rows numbered from one id to another. Every type has its NULLs, and texts hold what breaks careless readers.
/// </summary>
internal static class ShopRows
{
    /// <summary>Quotes, newlines, commas, emoji, backslashes, the empty text and the word NULL.</summary>
    private const string Text =
        """
        (ARRAY['plain', 'O''Brien "the cat"', E'first line\nsecond line', 'comma, semicolon; done', 'emoji 😀🚀 ünï', '',
        E'tab\tback\\slash', '日本語', 'NULL', '{"json": [1, 2]}'])[1 + i % 10]
        """;

    public static string Customers(string from, string to) => $"""
        INSERT INTO customers
        SELECT i,
               CASE WHEN i % 11 <> 3 THEN 'customer' || i || '@example.com' END,
               CASE WHEN i % 13 <> 4 THEN {Text} END,
               CASE WHEN i % 17 <> 5 THEN 'Family-' || i END,
               CASE WHEN i % 7 <> 1 THEN md5('customer' || i)::uuid END,
               CASE i % 3 WHEN 0 THEN true WHEN 1 THEN false END,
               CASE WHEN i % 5 <> 2 THEN (i % 65536 - 32768)::smallint END,
               CASE WHEN i % 6 <> 3 THEN (i / 7.0)::real END,
               CASE WHEN i % 9 <> 2 THEN CASE WHEN i % 2 = 0 THEN i / 3.0::double precision ELSE -i * 1e-12::double precision END END,
               CASE WHEN i % 8 <> 5 THEN jsonb_build_object('newsletter', i % 2 = 0, 'tags', jsonb_build_array('a', i, null),
                 'note', {Text}) END,
               CASE WHEN i % 10 <> 7 THEN date '1950-02-28' + (i * 37 % 25000)::int END,
               CASE WHEN i % 12 <> 9 THEN timestamptz '2024-02-29 23:59:59.999999+00' + i * interval '1 hour 1.000001 seconds' END,
               CASE WHEN i % 14 <> 11 THEN timestamp '2001-03-25 02:30:00.5' + i * interval '1 day 0.123 seconds' END
        FROM generate_series({from}, {to}) AS i
        """;

    public static string Products(string from, string to) => $"""
        INSERT INTO products
        SELECT i,
               CASE WHEN i % 11 <> 2 THEN 'SKU-' || i END,
               CASE WHEN i % 13 <> 6 THEN {Text} END,
               CASE WHEN i % 7 <> 4 THEN i * 1.01 - 50 END,
               CASE WHEN i % 5 <> 3 THEN i / 11.0 END,
               CASE WHEN i % 6 <> 1 THEN i / 13.0 END,
               CASE WHEN i % 9 <> 8 THEN (i % 30000)::smallint END,
               CASE i % 4 WHEN 0 THEN true WHEN 1 THEN NULL ELSE false END,
               CASE WHEN i % 8 <> 2 THEN jsonb_build_object('colour', {Text}, 'size', i) END,
               CASE WHEN i % 10 <> 5 THEN date '1999-12-31' + i::int END
        FROM generate_series({from}, {to}) AS i
        """;

    public static string Orders(string from, string to) => $"""
        INSERT INTO orders
        SELECT i,
               CASE WHEN i % 15 <> 7 THEN 1 + i % 400 END,
               CASE WHEN i % 9 <> 4 THEN (ARRAY['new', 'paid', 'shipped', 'returned'])[1 + i % 4] END,
               CASE WHEN i % 10 <> 3 THEN i * 9.99 END,
               CASE WHEN i % 12 <> 5 THEN i % 7 END,
               CASE WHEN i % 8 <> 6 THEN timestamptz '2026-01-01 00:00:00+00' + i * interval '61.000123 seconds' END,
               CASE WHEN i % 3 <> 0 THEN timestamp '2026-01-03 12:00:00' + i * interval '67.5 seconds' END,
               CASE WHEN i % 5 <> 1 THEN {Text} END,
               CASE i % 3 WHEN 0 THEN true WHEN 1 THEN false END,
               CASE WHEN i % 4 <> 2 THEN md5('order' || i)::uuid END
        FROM generate_series({from}, {to}) AS i
        """;

    /// <summary>Three lines for each order.</summary>
    public static string OrderItems(string from, string to) => $"""
        INSERT INTO order_items
        SELECT o, line,
               CASE WHEN i % 9 <> 8 THEN 1 + i % 150 END,
               CASE WHEN i % 7 <> 5 THEN 1 + i % 12 END,
               CASE WHEN i % 8 <> 3 THEN i * 0.37 END,
               CASE WHEN i % 4 <> 1 THEN i / 17.0 END,
               CASE WHEN i % 5 <> 2 THEN {Text} END,
               CASE WHEN i % 6 <> 4 THEN timestamp '2026-01-01 00:00:00' + i * interval '1.000001 seconds' END
        FROM generate_series({from}, {to}) AS o, generate_series(1, 3) AS line, LATERAL (SELECT o * 3 + line AS i) AS numbered
        """;

    public static string Events(string from, string to) => $"""
        INSERT INTO event_log
        SELECT CASE WHEN i % 9 <> 4 THEN timestamptz '2026-02-01 00:00:00+00' + i * interval '1.5 seconds' END,
               CASE WHEN i % 7 <> 2 THEN (ARRAY['login', 'search', 'purchase', 'logout'])[1 + i % 4] END,
               CASE WHEN i % 5 <> 3 THEN 1 + i % 400 END,
               CASE WHEN i % 6 <> 5 THEN (i % 5)::smallint END,
               CASE WHEN i % 8 <> 1 THEN jsonb_build_object('event', i, 'text', {Text}) END,
               CASE WHEN i % 4 <> 3 THEN {Text} END,
               CASE WHEN i % 10 <> 6 THEN i * 0.01 END,
               CASE WHEN i % 3 <> 1 THEN md5('event' || i)::uuid END,
               CASE i % 3 WHEN 0 THEN true WHEN 1 THEN false END,
               CASE WHEN i % 11 <> 7 THEN date '2026-02-01' + (i % 300)::int END
        FROM generate_series({from}, {to}) AS i
        """;
}
