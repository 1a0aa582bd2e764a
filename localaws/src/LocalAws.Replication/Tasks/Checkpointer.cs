using LocalAws.Replication.Changes;
using LocalAws.Replication.Files;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;

namespace LocalAws.Replication.Tasks;

/// <summary>
/// Writes the checkpoint and then confirms its position to the server, in this order: a crash in between makes the server skip nothing
/// that the checkpoint does not know of.
/// </summary>
internal sealed class Checkpointer(
    TaskStateFile file,
    string? slot,
    bool slotIsOurs,
    IReadOnlyList<CapturedTable> tables,
    IReadOnlyList<string> refused,
    PositionTracker positions,
    FileClock clock,
    ChangeStream? stream,
    Reporter reporter) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MessageInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private (StreamMark Mark, int Loaded)? _written;
    private long _sent;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            await WriteAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            // The received position first: see PositionTracker.AdvanceIdle.
            positions.AdvanceIdle(stream?.Received ?? 0);
            var next = (Mark: positions.Confirmable, Loaded: tables.Count(table => table.Target.IsLoaded));
            if (next != _written)
            {
                file.Write(State(next.Mark));
                _written = next;
                Announce(next.Mark);
            }

            if (stream is not null)
            {
                await stream.ConfirmAsync(next.Mark.Lsn, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private TaskState State(StreamMark mark) => new()
    {
        SlotName = slot,
        SlotIsOurs = slotIsOurs,
        Lsn = mark.Lsn,
        Counter = mark.Counter,
        SequenceMicros = mark.SequenceMicros,
        LastFileMillis = clock.LastMillis,
        Tables = tables.Select(table => (table.Display, State: Of(table)))
            .Concat(refused.Select(name => (name, State: new TableState(false, 0, 0, 0, 0, null, null))))
            .ToDictionary(pair => pair.Item1, pair => pair.State),
    };

    private static TableState Of(CapturedTable table)
    {
        var now = table.Target.Statistics.Current;
        return new TableState(table.Target.IsLoaded, now.FullLoadRows, now.Inserts, now.Updates, now.Deletes, now.FullLoadStart, now.FullLoadEnd);
    }

    private void Announce(StreamMark mark)
    {
        if (slot is not null && Environment.TickCount64 - _sent >= MessageInterval.TotalMilliseconds)
        {
            _sent = Environment.TickCount64;
            reporter.Send(new CheckpointMessage(Format(mark)));
        }
    }

    /// <summary>The recovery checkpoint in the form that DMS gives it for PostgreSQL.</summary>
    public static string Format(StreamMark mark) => $"checkpoint:V1#1#{LsnText.Format(mark.Lsn)}#0#0#*#0#0";
}
