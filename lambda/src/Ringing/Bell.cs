using Amazon.Glue.Model;

namespace Doorbell;

/// <summary>
/// The doorbell. S3 events are at least once and unordered, so an event is no work list: it only means that there may be work. A run that a
/// doorbell started and that has not begun to list will see the object; else a run is started, and Glue's queue holds it back while one
/// works.
/// </summary>
/// <param name="runs">The job's runs.</param>
/// <param name="jobName">The job; state changes of others are none of its business.</param>
/// <param name="retry">Tries again what Glue refuses for a while.</param>
/// <param name="clock">The clock that S3's event times are compared with.</param>
internal sealed class Bell(IJobRuns runs, string jobName, Retry retry, TimeProvider clock)
{
    /// <summary>
    /// Marks a run as started by a doorbell. A run by hand may have another purpose, and says nothing about what it will list.
    /// </summary>
    public const string Argument = "--doorbell";

    /// <summary>
    /// How long a waiting run is relied on without asking again. It may fail before it lists; that its end rings by itself is a second way,
    /// not a reason to forget it for long.
    /// </summary>
    private static readonly TimeSpan ObservationAge = TimeSpan.FromSeconds(5);

    /// <summary>How far S3's clock may be behind this one.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(1);

    private (DateTimeOffset At, string RunId)? _observed;

    /// <summary>Rings once for all that an event says.</summary>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">Glue refused for as long as there was time; Lambda tries the event
    /// again.</exception>
    public async Task<Decision> RingAsync(Ring ring, CancellationToken cancellationToken)
    {
        if (ring.Source == RingSource.Nothing)
        {
            return new Decision(DoorbellAction.Ignored, ring.Description ?? "Nothing was asked for.", null);
        }

        if (ring.Run is { } ended && (ended.JobName != jobName || ended.State == "SUCCEEDED"))
        {
            return new Decision(
                DoorbellAction.Ignored, ended.JobName != jobName ? "The run is of another job." : "The run has succeeded.", null);
        }

        if (Remembered(ring) is { } remembered)
        {
            return remembered;
        }

        var calls = new CallCount();
        var decision = await retry.RunAsync(token => LookAsync(ring, calls, token), cancellationToken);
        return decision with { GlueCalls = calls.Number };
    }

    /// <summary>Looks and starts as one step: after a start whose answer was lost, the next look finds the run.</summary>
    private async Task<Decision> LookAsync(Ring ring, CallCount calls, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        calls.Number++;
        var latest = await runs.LatestAsync(cancellationToken);
        if (latest.FirstOrDefault(WillListLater) is { } pending)
        {
            _observed = (asked, pending.Id);
            return new Decision(DoorbellAction.Waiting, $"A run that is {pending.JobRunState} will list later.", pending.Id);
        }

        if (ring.Run is { } ended)
        {
            // One run works at a time, so a doorbell's run that was asked for later has listed later, too.
            if (latest.TakeWhile(run => run.Id != ended.Id).FirstOrDefault(HasListedAll) is { } later)
            {
                return new Decision(DoorbellAction.Waiting, $"A later run, which is {later.JobRunState}, has listed since.", later.Id);
            }

            if (FailsAgainAndAgain(latest))
            {
                return new Decision(
                    DoorbellAction.LeftToSchedule, "The job's last two runs did not succeed; another one at once would not either.", null);
            }
        }

        asked = clock.GetUtcNow();
        calls.Number++;
        var started = await runs.StartAsync(cancellationToken);
        _observed = (asked, started);
        return new Decision(DoorbellAction.Started, "No run that will list later was there.", started);
    }

    /// <summary>Only for objects: whatever else rings does so because something may have gone wrong, and always looks.</summary>
    private Decision? Remembered(Ring ring) =>
        ring.Source == RingSource.ObjectCreated
        && ring.Newest is { } newest
        && _observed is var (at, runId)
        && newest + ClockDifference < at
        && clock.GetUtcNow() - at < ObservationAge
            ? new Decision(DoorbellAction.Waiting, "The run was seen waiting after these objects had landed.", runId)
            : null;

    private static bool WillListLater(JobRun run) => run.JobRunState is "WAITING" or "STARTING" && IsDoorbells(run);

    private static bool HasListedAll(JobRun run) => run.JobRunState is "RUNNING" or "SUCCEEDED" && IsDoorbells(run);

    /// <summary>With any other argument beside it, a run may be restricted to something else.</summary>
    private static bool IsDoorbells(JobRun run) => run.Arguments.Count == 1 && run.Arguments.GetValueOrDefault(Argument) == "true";

    /// <summary>Each run that fails rings: without this, a job that cannot succeed would be started without end.</summary>
    private static bool FailsAgainAndAgain(IReadOnlyList<JobRun> latest)
    {
        var ended = latest.Where(run => !run.IsActive).Take(2).ToList();
        return ended.Count == 2 && ended.All(run => run.JobRunState != "SUCCEEDED");
    }

    /// <summary>Counts calls over several attempts.</summary>
    private sealed class CallCount
    {
        public int Number { get; set; }
    }
}
