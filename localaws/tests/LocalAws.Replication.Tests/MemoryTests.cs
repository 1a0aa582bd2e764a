using System.Text.Json.Nodes;
using FluentAssertions;
using LocalAws.Parquet.Tests.Reading;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

[Collection(SecondStackCollection.Name)]
public sealed class MemoryTests(Stack stack)
{
    private const long Limit = 512L * 1024 * 1024;

    [Theory]
    [InlineData(64, 16, 32)]
    [InlineData(60, 40, 32)]
    [InlineData(16, 16, 20_000)]
    [InlineData(6, 40, 50_000)]
    public async Task Rows_of_any_size_need_bounded_memory_in_load_and_changes(int rows, int megabytes, int lobKilobytes)
    {
        // Made once and copied as it is compressed: the server is not what is measured.
        var task = await stack.NewTaskAsync($"""
            CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.made AS SELECT repeat('x', {megabytes} * 1024 * 1024) AS body;
            CREATE TABLE wide (id int PRIMARY KEY, body text, bin bytea);
            INSERT INTO wide SELECT n, body, NULL FROM elsewhere.made, generate_series(1, {rows}) n;
            """);
        task.TaskSettings["TargetMetadata"] = new JsonObject { ["LobMaxSize"] = lobKilobytes };
        task.S3Settings["CompressionType"] = "gzip";
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("wide");
        await task.ExecuteAsync($"INSERT INTO wide SELECT 1000 + n, body, NULL FROM elsewhere.made, generate_series(1, {rows}) n");
        await task.ExecuteAsync($"INSERT INTO wide VALUES (5000, 'after', decode(repeat('ab', {megabytes} * 1024 * 1024), 'hex'))");
        await replicator.UntilAsync("The last change", self => self.Table("wide")!.AppliedInserts == rows + 1, seconds: 120);
        var peak = replicator.PeakMemory;
        await replicator.StopAsync();

        peak.Should().BeLessThan(Limit);
        // Two bytes a character: a text keeps half as many characters as its limit has bytes.
        var kept = Math.Min(megabytes * 1024 * 1024, lobKilobytes * 512);
        var lengths = new Dictionary<long, (int? Text, int? Bytes)>();
        foreach (var bytes in (await task.ObjectsAsync()).Values)
        {
            var file = ParquetContents.Read(bytes);
            for (var row = 0; row < file.Rows; row++)
            {
                lengths[(int)file["id"].Values[row]!] =
                    ((file["body"].Values[row] as byte[])?.Length, (file["bin"].Values[row] as byte[])?.Length);
            }
        }

        lengths.Should().HaveCount((2 * rows) + 1);
        lengths[5000].Should().Be((5, Math.Min(megabytes * 1024, lobKilobytes) * 1024));
        lengths.Where(
            pair => pair.Key != 5000).Select(pair => pair.Value).Should().AllBeEquivalentTo(new ValueTuple<int?, int?>(kept, null));
    }
}
