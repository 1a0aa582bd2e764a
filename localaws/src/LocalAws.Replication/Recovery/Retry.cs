using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;

namespace LocalAws.Replication.Recovery;

/// <summary>Repeats what a recoverable error broke off, with growing pauses.</summary>
internal sealed class Retry(TaskSettings settings, Reporter reporter, TimeProvider time)
{
    // What went well for so long had overcome what broke before.
    private static readonly TimeSpan HealthyAfter = TimeSpan.FromMinutes(1);

    public Task RunAsync(
        string what, Func<Exception, bool> isRecoverable, Func<CancellationToken, Task> action, CancellationToken cancellationToken) =>
        RunAsync(what, isRecoverable, (_, token) => action(token), cancellationToken);

    /// <summary>
    /// The same for what goes on for ever. <paramref name="action"/> calls its first argument when it is getting on: what broke before is
    /// then overcome, and the next error is a first one.
    /// </summary>
    public async Task RunAsync(
        string what, Func<Exception, bool> isRecoverable, Func<Action, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        var attempt = 0;
        void Healthy() => Volatile.Write(ref attempt, 0);
        while (true)
        {
            var started = time.GetTimestamp();
            try
            {
                await action(Healthy, cancellationToken);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && isRecoverable(error)
                && (settings.RecoverableErrorCount < 0
                    || time.GetElapsedTime(started) >= HealthyAfter
                    || Volatile.Read(ref attempt) < settings.RecoverableErrorCount))
            {
                attempt = time.GetElapsedTime(started) >= HealthyAfter ? 0 : attempt;
                var pause = Pause(attempt++);
                reporter.Warning(
                    LogComponents.FileTransfer, $"{what} failed and is tried again in {pause.TotalSeconds:0} s: {error.Message}");
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Twice as long each time, up to the limit of the settings.</summary>
    private TimeSpan Pause(int attempt)
    {
        var longest = Math.Max(1, settings.RecoverableErrorThrottlingMax.TotalSeconds);
        var first = settings.RecoverableErrorInterval.TotalSeconds;
        return TimeSpan.FromSeconds(
            attempt == 0 ? first : Math.Clamp(Math.Max(first, 0.5) * Math.Pow(2, Math.Min(attempt, 30)), 1, longest));
    }
}
