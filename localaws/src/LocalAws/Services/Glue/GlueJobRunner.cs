using LocalAws.Hosting;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Events;
using LocalAws.Services.Logs;

namespace LocalAws.Services.Glue;

/// <summary>Carries out job runs: starts what may start, one Spark process a run, and says of each how it really ended.</summary>
internal sealed class GlueJobRunner(
    ScopedStore<GlueState> store,
    SparkRunFolder folders,
    ChildProcesses processes,
    LogWriter logs,
    EventBus bus,
    TimeProvider clock,
    ILogger<GlueJobRunner> logger)
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    /// <summary>Starts waiting runs, oldest first, as far as the job's concurrency goes.</summary>
    public void Advance(GlueJob job)
    {
        lock (store[job.Scope].Gate)
        {
            var active = job.Runs.Count(run => !run.IsOver && run.State != GlueJobRunState.WAITING);
            foreach (var run in job.Runs.Where(run => run.State == GlueJobRunState.WAITING).Reverse().ToList())
            {
                if (run.Stopping.IsCancellationRequested)
                {
                    End(run, GlueJobRunState.STOPPED, null);
                }
                else if (active < job.MaxConcurrentRuns)
                {
                    active++;
                    Set(run, GlueJobRunState.STARTING);
                    _ = Task.Run(() => CarryOutAsync(run));
                }
            }
        }
    }

    private async Task CarryOutAsync(GlueJobRun run)
    {
        try
        {
            await RunAsync(run);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            // Stopped, or its job deleted, before it had a process.
            Over(run, GlueJobRunState.STOPPED, null);
        }
        catch (Exception failure) when (failure is AwsException or InvalidOperationException or IOException or HttpRequestException)
        {
            Over(run, GlueJobRunState.FAILED, failure.Message);
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "Run {Run} of {Job} failed in the local AWS", run.Id, run.Job.Name);
            Over(run, GlueJobRunState.ERROR, failure.Message);
        }

        Advance(run.Job);
    }

    private async Task RunAsync(GlueJobRun run)
    {
        var spark = await folders.PrepareAsync(run, run.Stopping.Token);
        var cameToItsEnd = false;
        try
        {
            cameToItsEnd = await RunAsync(run, spark);
        }
        finally
        {
            // Not waited for: the next run does not depend on what becomes of this one's folder.
            _ = folders.FinishAsync(spark, cameToItsEnd);
        }
    }

    /// <returns>Whether the process ended by itself.</returns>
    private async Task<bool> RunAsync(GlueJobRun run, SparkRun spark)
    {
        string? failure = null;
        // From here on the run may list the raw bucket: a doorbell that still saw STARTING may rely on the listing that follows.
        lock (store[run.Job.Scope].Gate)
        {
            Set(run, GlueJobRunState.RUNNING);
            run.RunningSince = clock.GetUtcNow();
        }

        await using var process = processes.Start(new ChildProcessSpec($"glue {run.Job.Name} {run.Id}", spark.Python, spark.Arguments)
        {
            Environment = spark.Environment,
            WorkingDirectory = spark.Folder,
            Folder = spark.Folder,
            OnOutput = line => logs.Write(run.Job.Scope, $"{run.LogPrefix}/output", run.Id, line),
            OnError = line =>
            {
                failure = PythonFailure.Find(line) ?? failure;
                logs.Write(run.Job.Scope, $"{run.LogPrefix}/error", run.Id, line);
            },
        });

        using var over = new CancellationTokenSource();
        var stop = Task.Delay(Timeout.Infinite, run.Stopping.Token);
        var timeout = Task.Delay(TimeSpan.FromMinutes(run.TimeoutMinutes), clock, over.Token);
        var ended = await Task.WhenAny(process.Completion, stop, timeout);
        if (ended != process.Completion)
        {
            lock (store[run.Job.Scope].Gate)
            {
                Set(run, GlueJobRunState.STOPPING);
            }

            await process.StopAsync(StopGrace);
        }

        var exitCode = await process.Completion;
        var (state, error) = ended == stop
            ? (GlueJobRunState.STOPPED, null)
            : ended == timeout
                ? (GlueJobRunState.TIMEOUT, $"Job run exceeded its time-out of {run.TimeoutMinutes} minutes.")
                : exitCode == 0
                    ? (GlueJobRunState.SUCCEEDED, (string?)null)
                    : (GlueJobRunState.FAILED, failure ?? $"Command Failed with Exit Code {exitCode}");
        Over(run, state, error);
        await over.CancelAsync();
        return ended == process.Completion;
    }

    private void Over(GlueJobRun run, GlueJobRunState state, string? error)
    {
        lock (store[run.Job.Scope].Gate)
        {
            End(run, state, error);
        }

        logger.LogInformation(
            "Run {Run} of {Job} {State} after {Seconds:F1} s {Error}",
            run.Id,
            run.Job.Name,
            state,
            (clock.GetUtcNow() - run.StartedOn).TotalSeconds,
            error);
    }

    private void End(GlueJobRun run, GlueJobRunState state, string? error)
    {
        run.ErrorMessage = error;
        run.CompletedOn = clock.GetUtcNow();
        Set(run, state);
        bus.Publish(run.Job.Scope, GlueJobRunEvent.Of(run));
    }

    private void Set(GlueJobRun run, GlueJobRunState state)
    {
        run.State = state;
        run.LastModifiedOn = clock.GetUtcNow();
    }
}
