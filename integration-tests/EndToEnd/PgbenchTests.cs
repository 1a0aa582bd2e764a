using System.Text.Json.Nodes;
using Cdc.EndToEnd.Tests.Story;
using Cdc.Harness;
using Cdc.Harness.Commands;
using Cdc.Harness.Comparison;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Waiting;

namespace Cdc.EndToEnd.Tests;

/// <summary>
/// pgbench: a client that nobody here wrote. Its database, task and job are made by API calls beside those of the environment.
/// </summary>
public sealed class PgbenchTests
{
    private const string Name = "pgbench";
    private const int Seconds = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly ReplicatedTable[] Keyed =
    [
        new("public", "pgbench_accounts", ["aid"]),
        new("public", "pgbench_branches", ["bid"]),
        new("public", "pgbench_tellers", ["tid"]),
    ];

    private static readonly ReplicatedTable History = new("public", "pgbench_history", []);

    [Fact]
    public async Task What_pgbench_wrote_is_in_the_final_tables()
    {
        var story = await DeployedPipeline.GetAsync();
        var token = StoryTime.Token;
        await story.Deployment.Source.ExecuteAsync($"CREATE DATABASE {Name}", token);
        await using var source = await SourceDatabase.OpenAsync(story.Deployment.SourceOutput, token, Name);
        await PgbenchAsync(source, "-i", "-s", "1");
        await using var pipeline = await ApiPipeline.CreateAsync(story.Deployment, source, Name, [.. Keyed, History], token);
        await pipeline.StartAsync(token);
        // DMS delivers a row that is committed during the load of its table by the load and as a change. A key tells that they are the
        // same; the history has none, so that its rows come after its load. The tables with keys may still be loading.
        await pipeline.WaitUntilLoadedAsync(History, token);

        await PgbenchAsync(source, "-n", "-c", "2", "-T", $"{Seconds}");
        await WaitForRawAsync(pipeline, source);
        await pipeline.RunJobAsync(Limit, token);

        var expectation = await Expectation.ReadAsync(source, pipeline.Output, token);
        foreach (var table in Keyed)
        {
            (await DifferenceAsync(pipeline, expectation, table, table.FinalName)).ToString().Should().Be(
                "equal", $"{table.Name} must equal its source");
        }

        (await expectation.SourceRowsAsync(History, token)).Should().BeGreaterThan(100);
        (await DifferenceAsync(pipeline, expectation, History, History.LogName)).ToString().Should().Be(
            "equal", "each row of the history was inserted once");
    }

    private static async Task<RowDifference> DifferenceAsync(
        ApiPipeline pipeline, Expectation expectation, ReplicatedTable table, string finalName)
    {
        var columns = await expectation.ColumnsAsync(table, StoryTime.Token);
        var rows = (await pipeline.Athena.RunAsync(
            $"SELECT {string.Join(", ", columns.Select(column => column.Name))} FROM {finalName}",
            StoryTime.Token)).Rows;
        return (await expectation.FinalAsync(table, columns, StoryTime.Token)).Without(RowSet.Of(columns, rows));
    }

    /// <summary>Waits until the task has written what was committed: its statistics say how much it applied.</summary>
    private static async Task WaitForRawAsync(ApiPipeline pipeline, SourceDatabase source)
    {
        var committed = long.Parse(
            (await source.ScalarAsync("SELECT count(*) FROM pgbench_history", StoryTime.Token))!,
            System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.BecomesAsync(
            $"the task has written the {committed} rows of the history",
            async token => (await pipeline.StatisticsAsync(token)).Single(table => table.TableName == History.Name),
            seen => seen.FullLoadRows + seen.Inserts >= committed,
            Limit,
            StoryTime.Token);
        // The statistics count what was read; a stop ends with everything in S3.
        await pipeline.StopAsync(StoryTime.Token);
    }

    private static async Task PgbenchAsync(SourceDatabase source, params string[] arguments) =>
        await Session.Command(
            PostgresProgram.Find("pgbench"),
            [.. arguments, "--host", source.Settings.Host!, "--port", $"{source.Settings.Port}",
                "--username", source.Settings.Username!, source.Settings.Database!])
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["PGPASSWORD"] = source.Settings.Password })
            .RunSuccessfullyAsync(StoryTime.Token);
}
