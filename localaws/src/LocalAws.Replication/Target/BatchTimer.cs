using System.Threading.Channels;

namespace LocalAws.Replication.Target;

/// <summary>Closes batches when they are old enough. All have one interval, so they fall due in the order in which they were opened.</summary>
internal sealed class BatchTimer(TimeSpan interval)
{
    private readonly Channel<(TableTarget Table, ChangeBatch Batch, long Due)> _opened =
        Channel.CreateUnbounded<(TableTarget, ChangeBatch, long)>(new UnboundedChannelOptions { SingleReader = true });

    public void Arm(TableTarget table, ChangeBatch batch) =>
        _opened.Writer.TryWrite((table, batch, Environment.TickCount64 + (long)interval.TotalMilliseconds));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var (table, batch, due) in _opened.Reader.ReadAllAsync(cancellationToken))
        {
            var wait = due - Environment.TickCount64;
            if (wait > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(wait), cancellationToken);
            }

            table.CloseIfOpen(batch);
        }
    }
}
