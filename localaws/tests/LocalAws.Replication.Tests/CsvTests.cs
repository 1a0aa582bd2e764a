using System.Text;
using FluentAssertions;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

/// <summary>Re-creates rows of the bucket that AWS DMS itself wrote (see conformance/northwind-2024-05) and compares the bytes.</summary>
[Collection(StackCollection.Name)]
public sealed class CsvTests(Stack stack)
{
    private const string Tables = """
        CREATE TABLE customers (customer_id varchar(5) PRIMARY KEY, company_name varchar(40), contact_name varchar(30),
          contact_title varchar(30), address varchar(60),
          city varchar(15), region varchar(15), postal_code varchar(10), country varchar(15), phone varchar(24), fax varchar(24));
        CREATE TABLE orders (order_id smallint PRIMARY KEY, customer_id varchar(5), employee_id smallint, order_date date,
          required_date date, shipped_date date, ship_via smallint, freight real, ship_name varchar(40), ship_address varchar(60),
          ship_city varchar(15), ship_region varchar(15),
          ship_postal_code varchar(10), ship_country varchar(15));
        CREATE TABLE order_details (order_id smallint, product_id smallint, unit_price real, quantity smallint,
          discount real, PRIMARY KEY (order_id, product_id));
        CREATE TABLE employees (employee_id smallint PRIMARY KEY, last_name varchar(20), first_name varchar(10), title varchar(30),
          title_of_courtesy varchar(25), birth_date date,
          hire_date date, address varchar(60), city varchar(15), region varchar(15), postal_code varchar(10), country varchar(15),
          home_phone varchar(24), extension varchar(4),
          photo bytea, notes text, reports_to smallint, photo_path varchar(255));
        """;

    private const string Sequence = """
        ,{"rule-type":"transformation","rule-id":"2","rule-name":"2","rule-action":"add-column","rule-target":"column",
          "object-locator":{"schema-name":"public","table-name":"%"},"value":"transaction_sequence_number",
          "expression":"$AR_H_CHANGE_SEQ","data-type":{"type":"string","length":50}}
        """;

    private static string Conformance(string path) =>
        Path.Combine(AppContext.BaseDirectory, "conformance", "northwind-2024-05", "public", path);

    [Theory]
    [InlineData("customers")]
    [InlineData("orders")]
    [InlineData("order_details")]
    [InlineData("employees")]
    public async Task A_load_has_the_rows_that_AWS_wrote_byte_for_byte_but_for_their_timestamps(string table)
    {
        var aws = await File.ReadAllTextAsync(Conformance($"{table}/LOAD00000001.csv"));
        var task = await NewTaskAsync();
        task.MigrationType = MigrationTypes.FullLoad;
        await task.ExecuteAsync(string.Join('\n', Csv.Parse(aws).Select(fields => Insert(table, fields[2..^1]))));
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        var ours = Encoding.UTF8.GetString((await task.ObjectsAsync())[$"raw/public/{table}/LOAD00000001.csv"]);
        WithoutTimestamps(ours).Should().Be(WithoutTimestamps(aws));
    }

    [Fact]
    public async Task The_changes_of_eight_transactions_are_those_that_AWS_wrote_byte_for_byte_but_for_their_times()
    {
        var orders = await File.ReadAllTextAsync(Conformance("orders/20240531-220910163.csv"));
        var details = await File.ReadAllTextAsync(Conformance("order_details/20240531-220931696.csv"));
        var task = await NewTaskAsync();
        task.S3Settings["CdcMaxBatchInterval"] = 3600;
        await using (var replicator = await task.StartAsync())
        {
            await replicator.UntilLoadedAsync("orders", "order_details");
            foreach (var transaction in Transactions(orders, details))
            {
                await task.ExecuteAsync($"BEGIN; {string.Join(' ', transaction)} COMMIT");
            }

            await replicator.StopAsync();
        }

        var objects = await task.ObjectsAsync();
        string Ours(string table) =>
            Encoding.UTF8.GetString(objects.Single(pair => pair.Key.StartsWith($"raw/public/{table}/2", StringComparison.Ordinal)).Value);
        WithoutTimes(Ours("orders")).Should().Be(WithoutTimes(orders));
        WithoutTimes(Ours("order_details")).Should().Be(WithoutTimes(details));
    }

    [Fact]
    public async Task Quotes_newlines_headers_and_null_values_follow_the_settings()
    {
        var task = await stack.NewTaskAsync("""
            CREATE TABLE t (id int PRIMARY KEY, a text, b double precision, c boolean, d timestamp);
            INSERT INTO t VALUES (1, E'say "hi",\nline', 0.1, true, '2024-01-02 03:04:05'), (2, NULL, -1e100, false, NULL);
            """);
        task.MigrationType = MigrationTypes.FullLoad;
        task.Mappings = TestTask.AllTables();
        task.S3Settings["DataFormat"] = "csv";
        task.S3Settings["AddColumnName"] = true;
        task.S3Settings["CsvNullValue"] = "NULL";
        task.S3Settings["CsvDelimiter"] = ";";
        task.S3Settings["IncludeOpForFullLoad"] = false;
        task.S3Settings.Remove("TimestampColumnName");
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        Encoding.UTF8.GetString((await task.ObjectsAsync())["raw/public/t/LOAD00000001.csv"]).Should().Be(
            "id;a;b;c;d\n1;\"say \"\"hi\"\",\nline\";+1.0000000000000001e-01;true;2024-01-02 "
            + "03:04:05.000000\n2;NULL;-1.0000000000000000e+100;false;NULL\n");
    }

    [Fact]
    public async Task Moments_for_which_the_form_has_no_room_stay_as_PostgreSQL_writes_them_in_load_and_changes()
    {
        const string Moments =
            "('10000-01-01'), ('294276-12-31 23:59:59.999999'), ('0044-03-15 12:00:00 BC'), ('-infinity'), "
            + "('infinity'), ('0001-01-01'), ('9999-12-31 23:59:59.999999')";
        string[] expected =
        [
            "10000-01-01 00:00:00", "294276-12-31 23:59:59.999999", "0044-03-15 12:00:00 BC", "-infinity", "9999-12-31 23:59:59.000000",
            "0001-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999",
        ];
        var task = await stack.NewTaskAsync($"CREATE TABLE t (id serial PRIMARY KEY, at timestamp); INSERT INTO t (at) VALUES {Moments}");
        task.Mappings = TestTask.AllTables();
        task.S3Settings["DataFormat"] = "csv";
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync($"INSERT INTO t (at) VALUES {Moments}");
        await replicator.UntilAppliedAsync("t", message => message.AppliedInserts == expected.Length);
        await replicator.StopAsync();

        var rows = (await task.ObjectsAsync()).OrderBy(pair => pair.Key.Contains("LOAD", StringComparison.Ordinal) ? 0 : 1)
            .SelectMany(pair => Csv.Parse(Encoding.UTF8.GetString(pair.Value)));
        rows.Select(fields => fields[3]).Should().Equal(expected.Concat(expected));
    }

    private async Task<TestTask> NewTaskAsync()
    {
        var task = await stack.NewTaskAsync(Tables);
        task.Mappings = TestTask.AllTables(Sequence);
        task.S3Settings["DataFormat"] = "csv";
        return task;
    }

    /// <summary>The statements behind AWS's rows, by transaction: rows of one timestamp, in the order of their sequences.</summary>
    private static IEnumerable<IEnumerable<string>> Transactions(string orders, string details)
    {
        var rows = Csv.Parse(orders).Select(fields => (Table: "orders", Keys: 1, Fields: fields))
            .Concat(Csv.Parse(details).Select(fields => (Table: "order_details", Keys: 2, Fields: fields)))
            .OrderBy(row => row.Fields[^1], StringComparer.Ordinal);
        string[] lastDetail = [];
        foreach (var transaction in rows.GroupBy(row => row.Fields[1]))
        {
            var statements = new List<string>();
            foreach (var (table, keys, fields) in transaction)
            {
                var values = fields[2..^1];
                // A key update is one U with the new key: the row it changed is the one before.
                var key = table == "order_details" && fields[0] == "U" ? lastDetail : values;
                statements.Add(fields[0] switch
                {
                    "I" => Insert(table, values),
                    "D" => $"DELETE FROM {table} WHERE {Where(table, values, keys)};",
                    _ => $"UPDATE {table} SET ({string.Join(", ", Columns(table))}) = ROW({string.Join(", ", values.Select(Literal))}) "
                        + $"WHERE {Where(table, key, keys)};",
                });
                lastDetail = table == "order_details" ? values : lastDetail;
            }

            yield return statements;
        }
    }

    private static string Insert(string table, string[] values) =>
        $"INSERT INTO {table} VALUES ({string.Join(", ", values.Select(Literal))});";

    private static string Where(string table, string[] values, int keys) =>
        string.Join(" AND ", Columns(table).Take(keys).Zip(values).Select(pair => $"{pair.First} = {pair.Second}"));

    private static string[] Columns(string table) => table == "orders"
        ? [
            "order_id", "customer_id", "employee_id", "order_date", "required_date", "shipped_date",
            "ship_via", "freight", "ship_name", "ship_address", "ship_city", "ship_region",
            "ship_postal_code", "ship_country"
        ]
        : ["order_id", "product_id", "unit_price", "quantity", "discount"];

    private static string Literal(string value) =>
        value.Length == 0 ? "NULL" : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string WithoutTimestamps(string csv) =>
        System.Text.RegularExpressions.Regex.Replace(csv, @"(?m)^(\w),\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6},", "$1,<time>,");

    // The counter at the end of a sequence stays: it is the same for the same statements, from the task's first change on.
    private static string WithoutTimes(string csv) =>
        System.Text.RegularExpressions.Regex.Replace(WithoutTimestamps(csv), @"(?m),\d{16}(\d{19})$", ",<hundredths>$1");
}
