using Cdc.EndToEnd.Tests.Story;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.State;

namespace Cdc.EndToEnd.Tests;

/// <summary>Tables without rows, and tables that come later. Their database, task and job are made by API calls.</summary>
public sealed class AddedTableTests
{
    private const string Name = "added";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly ReplicatedTable People = new("public", "people", ["id"]);
    private static readonly ReplicatedTable Nobody = new("public", "nobody", ["id"]);
    private static readonly ReplicatedTable Late = new("public", "late", ["id"]);

    [Fact]
    public async Task A_table_without_rows_is_in_the_catalog_and_one_that_is_added_later_has_its_rows()
    {
        var story = await DeployedPipeline.GetAsync();
        var token = StoryTime.Token;
        await story.Deployment.Source.ExecuteAsync($"CREATE DATABASE {Name}", token);
        await using var source = await SourceDatabase.OpenAsync(story.Deployment.SourceOutput, token, Name);
        await source.ExecuteAsync(
            "CREATE TABLE people (id int PRIMARY KEY, name text); INSERT INTO people VALUES (1, 'Ada'), (2, 'Grace'); "
            + "CREATE TABLE nobody (id int PRIMARY KEY, name varchar(20) NOT NULL)",
            token);
        await using var pipeline = await ApiPipeline.CreateAsync(story.Deployment, source, Name, [People, Nobody], token);
        await pipeline.StartAsync(token);

        (await pipeline.CompleteLoadsAsync(source, token)).Should().BeEmpty();

        var state = await pipeline.StateAsync(token);
        (await state.LoadsAsync(Nobody.Qualified, token)).Should().ContainSingle().Which.Should().Match<LoadDocument>(
            load => load.Rows == 0 && load.Complete != null && load.Task == pipeline.Output.TaskArn);
        (await state.SchemaAsync(Nobody.Qualified, token))!.Columns.Select(column => $"{column.Name} {column.Type} {column.Nullable}")
            .Should().Equal("id integer False", "name character varying(20) False");
        await pipeline.RunJobAsync(Limit, token);
        await ShouldEqualSourceAsync(pipeline, source, People);
        await ShouldEqualSourceAsync(pipeline, source, Nobody);
        (await pipeline.Athena.RunAsync($"SELECT id, name, _op FROM {Nobody.LogName}", token)).Rows.Should().BeEmpty();

        await pipeline.StopAsync(token);
        await source.ExecuteAsync("CREATE TABLE late (id int PRIMARY KEY); INSERT INTO late SELECT generate_series(1, 50)", token);
        await pipeline.ChangeTablesAsync([People, Nobody, Late], token);
        await pipeline.StartAsync(token);
        (await pipeline.CompleteLoadsAsync(source, token)).Should().Equal(Late.Name);
        await pipeline.RunJobAsync(Limit, token);

        await ShouldEqualSourceAsync(pipeline, source, Late);
        await ShouldEqualSourceAsync(pipeline, source, People);
        (await state.LoadsAsync(People.Qualified, token)).Should().ContainSingle("it was not loaded again");
    }

    private static async Task ShouldEqualSourceAsync(ApiPipeline pipeline, SourceDatabase source, ReplicatedTable table)
    {
        var expected = await source.QueryAsync($"SELECT id FROM {table.Name} ORDER BY id", StoryTime.Token);
        var found = await pipeline.Athena.RunAsync($"SELECT id FROM {table.FinalName} ORDER BY id", StoryTime.Token);
        found.Rows.Select(row => row[0]).Should().Equal(expected.Select(row => row[0]));
    }
}
