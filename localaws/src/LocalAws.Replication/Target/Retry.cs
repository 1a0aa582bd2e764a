using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;

namespace LocalAws.Replication.Target;

/// <summary>Repeats what a recoverable error broke off, with growing pauses.</summary>
internal sealed class Retry(TaskSettings settings, Reporter reporter)
{
    public async Task RunAsync(string what, Func<Exception, bool> isRecoverable, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        var pause = settings.RecoverableErrorInterval;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await action(cancellationToken);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && isRecoverable(error)
                && (settings.RecoverableErrorCount < 0 || attempt < settings.RecoverableErrorCount))
            {
                reporter.Warning(LogComponents.FileTransfer, $"{what} failed and is tried again in {pause.TotalSeconds:0} s: {error.Message}");
            }

            await Task.Delay(pause, cancellationToken);
            pause = TimeSpan.FromSeconds(Math.Clamp(pause.TotalSeconds * 2, 1, Math.Max(1, settings.RecoverableErrorThrottlingMax.TotalSeconds)));
        }
    }
}
