using Amazon.DatabaseMigrationService.Model;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Loads;
using Cdc.Harness.Pipelines.State;
using Microsoft.Extensions.Time.Testing;

namespace Cdc.Harness.Tests;

/// <summary>Which tables are loaded, what is waited for, and what is recorded, by what a task says.</summary>
public sealed class TableLoadsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly List<LoadDocument> _recorded = [];
    private readonly List<IReadOnlyList<TableLoadState>> _seen = [];

    [Fact]
    public async Task A_table_that_came_later_is_loaded_and_those_that_are_loaded_are_left_alone()
    {
        var task = new ScriptedTask(
            _clock,
            [Loaded("a", 0, 1, 7), Late("b")],
            [Loaded("a", 0, 1, 7), Late("b")],
            [Loaded("a", 0, 1, 7), Loading("b", 2, 3)],
            [Loaded("a", 0, 1, 7), Loaded("b", 2, 4, 5)]);

        var loaded = await Loads(task, "a", "b").CompleteAsync(CancellationToken.None);

        loaded.Select(table => table.Qualified).Should().Equal("public.b");
        task.Calls.Should().ContainSingle().Which.Should().Equal("public.b");
        _recorded.Should().Equal(
            LoadDocument.Of("public.a", At(0), At(1), 7, "arn:task"),
            LoadDocument.Of("public.b", At(2), null, 3, "arn:task"),
            LoadDocument.Of("public.b", At(2), At(4), 5, "arn:task"));
    }

    [Fact]
    public async Task An_empty_table_whose_load_has_ended_is_loaded()
    {
        var task = new ScriptedTask(_clock, [Loaded("a", 0, 1, 0)]);

        (await Loads(task, "a").CompleteAsync(CancellationToken.None)).Should().BeEmpty();

        task.Calls.Should().BeEmpty();
        _recorded.Should().Equal(LoadDocument.Of("public.a", At(0), At(1), 0, "arn:task"));
    }

    [Fact]
    public async Task A_load_that_is_under_way_is_waited_for_and_not_asked_for()
    {
        var task = new ScriptedTask(
            _clock,
            [],
            [new("public", "a", "Before load", 0, 0, 0, 0)],
            [Loading("a", 1, 10)],
            [Loading("a", 1, 20)],
            [Loaded("a", 1, 2, 30)]);

        await Loads(task, "a").CompleteAsync(CancellationToken.None);

        task.Calls.Should().BeEmpty();
        _seen.SelectMany(states => states).Select(state => (state.Phase, state.Rows)).Should().Equal(
            (LoadPhase.Unknown, 0), (LoadPhase.Queued, 0), (LoadPhase.Loading, 10), (LoadPhase.Loading, 20), (LoadPhase.Loaded, 30));
        _recorded.Select(load => (load.Complete is null, load.Rows)).Should().Equal((true, 10), (false, 30));
    }

    [Fact]
    public async Task One_call_asks_for_ten_tables_at_most()
    {
        var names = Enumerable.Range(0, 23).Select(number => $"t{number:00}").ToArray();
        var task = new ScriptedTask(
            _clock, [.. names.Select(Late)], [.. names.Select(name => Loaded(name, 5, 6, 1))]);

        await Loads(task, names).CompleteAsync(CancellationToken.None);

        task.Calls.Select(call => call.Length).Should().Equal(10, 10, 3);
        task.Calls.SelectMany(call => call).Should().Equal(names.Select(name => $"public.{name}"));
    }

    [Fact]
    public async Task A_table_that_fails_is_named_when_the_others_are_loaded()
    {
        var task = new ScriptedTask(
            _clock,
            [new("public", "a", "Table error", 0, 0, 0, 0) { FullLoadStartTime = At(1) }, Loading("b", 1, 1)],
            [new("public", "a", "Table error", 0, 0, 0, 0) { FullLoadStartTime = At(1) }, Loaded("b", 1, 2, 2)]);
        var loading = () => Loads(task, "a", "b").CompleteAsync(CancellationToken.None);

        (await loading.Should().ThrowAsync<PipelineException>()).WithMessage("*could not load public.a:*make reload TABLES=public.a*");

        _recorded.Should().BeEquivalentTo([
            LoadDocument.Of("public.a", At(1), null, 0, "arn:task"),
            LoadDocument.Of("public.b", At(1), null, 1, "arn:task"),
            LoadDocument.Of("public.b", At(1), At(2), 2, "arn:task")]);
    }

    [Fact]
    public async Task A_reload_is_not_taken_for_done_by_what_is_still_said_of_the_load_before()
    {
        var task = new ScriptedTask(
            _clock, [Loaded("a", 0, 1, 7)], [Loaded("a", 0, 1, 7)], [Loaded("a", 0, 1, 7)], [Loading("a", 2, 3)], [Loaded("a", 2, 3, 8)]);

        await Loads(task, "a").ReloadAsync([Table("a")], CancellationToken.None);

        task.Calls.Should().ContainSingle();
        _recorded[^1].Should().Be(LoadDocument.Of("public.a", At(2), At(3), 8, "arn:task"));
    }

    [Fact]
    public async Task A_reload_heals_a_table_whose_error_is_said_for_a_while_after_the_call()
    {
        var failed = new TableStatistics("public", "a", "Table error", 0, 0, 0, 0) { FullLoadStartTime = At(0) };
        var task = new ScriptedTask(_clock, [failed], [failed], [Loading("a", 2, 3)], [Loaded("a", 2, 3, 8)]);

        await Loads(task, "a").ReloadAsync([Table("a")], CancellationToken.None);

        _recorded[^1].Complete.Should().NotBeNull();
    }

    [Fact]
    public async Task A_reload_that_fails_again_is_a_failure()
    {
        var failed = new TableStatistics("public", "a", "Table error", 0, 0, 0, 0) { FullLoadStartTime = At(0) };
        var reloading = () => Loads(new ScriptedTask(_clock, [failed]), "a").ReloadAsync([Table("a")], CancellationToken.None);

        await reloading.Should().ThrowAsync<PipelineException>().WithMessage("*public.a*");
    }

    [Fact]
    public async Task A_table_that_is_being_loaded_is_not_reloaded_at_the_same_time()
    {
        var task = new ScriptedTask(_clock, [Loading("a", 1, 10)]);
        var reloading = () => Loads(task, "a").ReloadAsync([Table("a")], CancellationToken.None);

        await reloading.Should().ThrowAsync<PipelineException>().WithMessage("public.a is being loaded already*");
        task.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_table_that_waits_while_nothing_is_loaded_is_asked_for()
    {
        var queued = new TableStatistics("public", "a", "Before load", 0, 0, 0, 0);
        var task = new ScriptedTask(_clock, [queued], [queued], [queued], [queued], [queued], [queued], [Loaded("a", 5, 6, 1)]);

        await Loads(task, "a").CompleteAsync(CancellationToken.None);

        task.Calls.Should().ContainSingle().Which.Should().Equal("public.a");
    }

    [Fact]
    public async Task A_table_that_the_task_never_names_is_told_to_be_applied()
    {
        var loading = () => Loads(new ScriptedTask(_clock, [Loaded("a", 0, 1, 1)]), "a", "b").CompleteAsync(CancellationToken.None);

        await loading.Should().ThrowAsync<PipelineException>().WithMessage("The task does not have public.b*apply the environment*");
    }

    private TableLoads Loads(IReplicationTask task, params string[] tables) => new(
        [.. tables.Select(Table)],
        task,
        (load, _) =>
        {
            _recorded.Add(load);
            return Task.CompletedTask;
        },
        _seen.Add,
        TimeSpan.Zero,
        _clock);

    private static ReplicatedTable Table(string name) => new("public", name, ["id"]);

    private static DateTimeOffset At(int minutes) => Noon.AddMinutes(minutes);

    private static TableStatistics Late(string name) => new("public", name, "Table completed", 0, 0, 0, 0);

    private static TableStatistics Loading(string name, int start, long rows) =>
        new("public", name, "Full load", rows, 0, 0, 0) { FullLoadStartTime = At(start) };

    private static TableStatistics Loaded(string name, int start, int end, long rows) =>
        new("public", name, "Table completed", rows, 0, 0, 0) { FullLoadStartTime = At(start), FullLoadEndTime = At(end) };
}
