using System.Threading.Channels;

namespace LocalAws.Replication.Target;

/// <summary>
/// Closes batches when they are old enough. All have one interval, so they fall due in the order in which they were opened.
/// </summary>
internal sealed class BatchTimer(TimeSpan interval, TimeProvider time)
{
    private readonly Channel<(TableTarget Table, ChangeBatch Batch, long Opened)> _opened =
        Channel.CreateUnbounded<(TableTarget, ChangeBatch, long)>(new UnboundedChannelOptions { SingleReader = true });

    public void Arm(TableTarget table, ChangeBatch batch) =>
        _opened.Writer.TryWrite((table, batch, time.GetTimestamp()));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var (table, batch, opened) in _opened.Reader.ReadAllAsync(cancellationToken))
        {
            var wait = interval - time.GetElapsedTime(opened);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            table.CloseIfOpen(batch);
        }
    }
}
