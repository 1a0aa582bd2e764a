using System.Net;
using Amazon.Runtime;

namespace Doorbell.Tests;

public sealed class BellTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task The_first_event_starts_a_run_that_is_known_as_a_doorbells()
    {
        var runs = new FakeJobRuns();
        (await RingAsync(runs, "s3-notification")).Action.Should().Be(DoorbellAction.Started);
        runs.Runs.Single().Arguments.Should().ContainKey("--doorbell");
    }

    [Theory]
    [InlineData(5, 300, 5)]
    [InlineData(1, 1000, 2)]
    [InlineData(50, 450, 3)]
    public async Task A_burst_while_runs_come_and_go_costs_a_run_for_each_that_works_meanwhile_and_one_lists_after_the_last_object(
        int start, int work, int most)
    {
        var runs = new FakeJobRuns { Ticks = (start, work) };
        var bell = BellOf(runs);
        for (var index = 0; index < 1000; index++)
        {
            _clock.Now += TimeSpan.FromMilliseconds(20);
            runs.Pending.Add($"file {index}");
            await bell.RingAsync(Landed(_clock.Now), CancellationToken.None);
            runs.Tick();
        }

        runs.Started.Should().BeLessThanOrEqualTo(most);
        for (var tick = 0; tick < start + work + 2; tick++)
        {
            runs.Tick();
        }

        runs.Pending.Should().BeEmpty();
    }

    [Theory]
    [InlineData("RUNNING")]
    [InlineData("SUCCEEDED")]
    [InlineData("FAILED")]
    [InlineData("STOPPED")]
    [InlineData("TIMEOUT")]
    [InlineData("EXPIRED")]
    public async Task A_run_that_may_have_listed_before_the_object_landed_or_never_will_does_not_count(string state)
    {
        var runs = new FakeJobRuns { Runs = { FakeJobRuns.Run(state, byDoorbell: true) } };
        await RingAsync(runs, "s3-notification");
        runs.Started.Should().Be(1);
    }

    [Theory]
    [InlineData("WAITING")]
    [InlineData("STARTING")]
    public async Task A_run_that_will_list_later_is_relied_on(string state)
    {
        var pending = FakeJobRuns.Run(state, byDoorbell: true);
        var runs = new FakeJobRuns { Runs = { FakeJobRuns.Run("RUNNING", byDoorbell: true), pending } };
        (await RingAsync(runs, "s3-notification")).RunId.Should().Be(pending.Id);
        runs.Started.Should().Be(0);
    }

    [Theory]
    [InlineData("--abandon", "3:public.orders", false)]
    [InlineData("--doorbell", "false", false)]
    [InlineData("--time_budget_seconds", "60", true)]
    public async Task A_run_that_somebody_started_by_hand_is_not_relied_on_and_the_file_is_applied(
        string name, string value, bool byDoorbell)
    {
        var arguments = new Dictionary<string, string> { [name] = value };
        if (byDoorbell)
        {
            arguments["--doorbell"] = "true";
        }

        var runs = new FakeJobRuns { Ticks = (1, 1), Runs = { FakeJobRuns.Run("WAITING", arguments) }, Pending = { "file" } };
        await RingAsync(runs, "s3-notification");
        for (var tick = 0; tick < 8; tick++)
        {
            runs.Tick();
        }

        runs.Pending.Should().BeEmpty();
    }

    [Theory]
    [InlineData("FAILED")]
    [InlineData("TIMEOUT")]
    [InlineData("STOPPED")]
    public async Task A_run_that_ended_before_it_listed_rings_and_the_file_is_applied(string state)
    {
        var runs = new FakeJobRuns { Ticks = (1, 1), Pending = { "file" } };
        var bell = BellOf(runs);
        await bell.RingAsync(Landed(_clock.Now), CancellationToken.None);
        runs.Tick();
        var ended = runs.End(state);
        await bell.RingAsync(
            new Ring(RingSource.RunEnded) { Run = new EndedRun("job", ended.Id, state) }, CancellationToken.None);
        for (var tick = 0; tick < 4; tick++)
        {
            runs.Tick();
        }

        runs.Started.Should().Be(2);
        runs.Pending.Should().BeEmpty();
    }

    [Fact]
    public async Task A_run_that_expired_while_it_waited_is_made_good_by_the_schedule()
    {
        var runs = new FakeJobRuns { Ticks = (1, 1), Pending = { "file" } };
        var bell = BellOf(runs);
        await bell.RingAsync(Landed(_clock.Now), CancellationToken.None);
        runs.End("EXPIRED");
        await bell.RingAsync(new Ring(RingSource.Schedule), CancellationToken.None);
        for (var tick = 0; tick < 4; tick++)
        {
            runs.Tick();
        }

        runs.Pending.Should().BeEmpty();
    }

    [Fact]
    public async Task A_job_that_fails_again_and_again_is_left_to_the_schedule()
    {
        var runs = new FakeJobRuns();
        var bell = BellOf(runs);
        await bell.RingAsync(new Ring(RingSource.Manual), CancellationToken.None);
        var actions = new List<DoorbellAction>();
        for (var failure = 0; failure < 3 && runs.Runs.Any(run => run.JobRunState == "WAITING"); failure++)
        {
            var ended = runs.End("FAILED");
            actions.Add((await bell.RingAsync(
                new Ring(RingSource.RunEnded) { Run = new EndedRun("job", ended.Id, "FAILED") }, CancellationToken.None)).Action);
        }

        actions.Should().Equal(DoorbellAction.Started, DoorbellAction.LeftToSchedule);
        (await bell.RingAsync(new Ring(RingSource.Schedule), CancellationToken.None)).Action.Should().Be(DoorbellAction.Started);
    }

    [Fact]
    public async Task A_failure_that_a_later_run_has_made_good_starts_nothing()
    {
        var failed = FakeJobRuns.Run("FAILED", byDoorbell: true);
        var runs = new FakeJobRuns { Runs = { FakeJobRuns.Run("RUNNING", byDoorbell: true), failed } };
        var ring = new Ring(RingSource.RunEnded) { Run = new EndedRun("job", failed.Id, "FAILED") };
        (await BellOf(runs).RingAsync(ring, CancellationToken.None)).Action.Should().Be(DoorbellAction.Waiting);
        runs.Started.Should().Be(0);
    }

    [Theory]
    [InlineData("other", "FAILED")]
    [InlineData("job", "SUCCEEDED")]
    public async Task The_end_of_another_jobs_run_and_a_success_start_nothing_and_ask_nothing(string job, string state)
    {
        var runs = new FakeJobRuns();
        var ring = new Ring(RingSource.RunEnded) { Run = new EndedRun(job, "jr_1", state) };
        (await BellOf(runs).RingAsync(ring, CancellationToken.None)).Action.Should().Be(DoorbellAction.Ignored);
        runs.Looked.Should().Be(0);
    }

    [Fact]
    public async Task Objects_that_landed_before_a_run_was_seen_waiting_cost_no_call_for_five_seconds()
    {
        var runs = new FakeJobRuns();
        var bell = BellOf(runs);
        var landed = _clock.Now - TimeSpan.FromSeconds(2);
        await bell.RingAsync(Landed(landed), CancellationToken.None);
        _clock.Now += TimeSpan.FromSeconds(4.9);
        (await bell.RingAsync(Landed(landed), CancellationToken.None)).RunId.Should().Be(runs.Runs.Single().Id);
        runs.Looked.Should().Be(1);
        _clock.Now += TimeSpan.FromSeconds(0.2);
        await bell.RingAsync(Landed(landed), CancellationToken.None);
        runs.Looked.Should().Be(2);
    }

    [Fact]
    public async Task An_object_that_landed_after_the_observation_or_within_the_clocks_difference_looks_again()
    {
        var runs = new FakeJobRuns();
        var bell = BellOf(runs);
        await bell.RingAsync(Landed(_clock.Now), CancellationToken.None);
        await bell.RingAsync(Landed(_clock.Now - TimeSpan.FromSeconds(0.9)), CancellationToken.None);
        runs.Looked.Should().Be(2);
    }

    [Theory]
    [InlineData(nameof(RingSource.Redriven))]
    [InlineData(nameof(RingSource.Schedule))]
    [InlineData(nameof(RingSource.Manual))]
    public async Task What_rings_because_something_may_have_gone_wrong_always_looks(string source)
    {
        var runs = new FakeJobRuns();
        var bell = BellOf(runs);
        var landed = Landed(_clock.Now - TimeSpan.FromMinutes(1));
        await bell.RingAsync(landed, CancellationToken.None);
        await bell.RingAsync(landed with { Source = Enum.Parse<RingSource>(source) }, CancellationToken.None);
        runs.Looked.Should().Be(2);
    }

    [Theory]
    [InlineData("ConcurrentRunsExceededException", 400)]
    [InlineData("ThrottlingException", 400)]
    [InlineData("OperationTimeoutException", 400)]
    [InlineData("Anything", 429)]
    [InlineData("Anything", 503)]
    public async Task What_Glue_refuses_for_a_while_is_tried_again_with_growing_pauses(string code, int status)
    {
        var runs = new FakeJobRuns();
        for (var refusal = 0; refusal < 6; refusal++)
        {
            runs.Refusals.Enqueue(Refusal(code, status));
        }

        (await RingAsync(runs, "manual")).Action.Should().Be(DoorbellAction.Started);
        _clock.Waits.Select(wait => wait.TotalMilliseconds).Should().Equal(250, 500, 1000, 2000, 4000, 4000);
    }

    [Theory]
    [InlineData("EntityNotFoundException", 400)]
    [InlineData("AccessDeniedException", 400)]
    public async Task What_time_does_not_heal_is_thrown_at_once(string code, int status)
    {
        var runs = new FakeJobRuns();
        runs.Refusals.Enqueue(Refusal(code, status));
        var ringing = () => RingAsync(runs, "manual");
        (await ringing.Should().ThrowAsync<AmazonServiceException>()).Which.ErrorCode.Should().Be(code);
        runs.Looked.Should().Be(1);
    }

    [Fact]
    public async Task When_the_time_is_up_Glues_own_error_is_thrown()
    {
        using var time = new CancellationTokenSource();
        var runs = new FakeJobRuns();
        runs.Refusals.Enqueue(Refusal("ThrottlingException", 400));
        var retry = new Retry(_clock, () =>
        {
            time.Cancel();
            return 1;
        });
        var ringing = () => new Bell(runs, "job", retry, _clock).RingAsync(new Ring(RingSource.Manual), time.Token);
        (await ringing.Should().ThrowAsync<AmazonServiceException>()).Which.ErrorCode.Should().Be("ThrottlingException");
    }

    private static AmazonServiceException Refusal(string code, int status) =>
        new($"{code}: on purpose", null, ErrorType.Unknown, code, "r", (HttpStatusCode)status);

    private static Ring Landed(DateTimeOffset time) =>
        new(RingSource.ObjectCreated) { Objects = [new ObjectCreated("raw-bucket", "raw/public/orders/1.parquet", time)] };

    private Bell BellOf(FakeJobRuns runs) => new(runs, "job", new Retry(_clock, () => 1), _clock);

    private Task<Decision> RingAsync(FakeJobRuns runs, string name) =>
        BellOf(runs).RingAsync(EventReader.Read(TestEvents.Element(name)), CancellationToken.None);
}
