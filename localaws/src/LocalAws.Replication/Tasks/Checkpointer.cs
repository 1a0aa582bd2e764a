using LocalAws.Replication.Changes;
using LocalAws.Replication.Files;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Source;
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
    IReadOnlyList<TableName> refused,
    PositionTracker positions,
    FileClock clock,
    ChangeStream? stream,
    Reporter reporter,
    TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MessageInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private LogPosition? _written;
    private IReadOnlyList<(bool Loaded, DateTime? Ended)> _writtenLoads = [];
    private long? _sent;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
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
            var next = positions.Confirmable;
            // Not their number: one load may begin while another ends.
            var loads = tables.Select(table => (table.Target.IsLoaded, table.Target.Statistics.Current.FullLoadEnd)).ToList();
            if (next != _written || !loads.SequenceEqual(_writtenLoads))
            {
                file.Write(State(next));
                (_written, _writtenLoads) = (next, loads);
                Announce(next);
            }

            if (stream is not null)
            {
                await stream.ConfirmAsync(next.Lsn, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private TaskState State(LogPosition position) => new()
    {
        SlotName = slot,
        SlotIsOurs = slotIsOurs,
        Lsn = position.Lsn,
        Counter = position.Counter,
        SequenceMicros = position.SequenceMicros,
        LastFileMillis = clock.LastMillis,
        Tables = [.. tables.Select(Of), .. refused.Select(table => new TableState(table, Loaded: false))],
    };

    private static TableState Of(CapturedTable table)
    {
        var now = table.Target.Statistics.Current;
        return new TableState(
            table.Definition.Source.Id, table.Target.IsLoaded, now.FullLoadRows, now.Inserts, now.Updates, now.Deletes, now.FullLoadStart,
            now.FullLoadEnd, now.FullLoadReloaded);
    }

    private void Announce(LogPosition position)
    {
        if (slot is not null && (_sent is not { } sent || time.GetElapsedTime(sent) >= MessageInterval))
        {
            _sent = time.GetTimestamp();
            reporter.Send(new CheckpointMessage(Format(position)));
        }
    }

    /// <summary>The recovery checkpoint in the form that DMS gives it for PostgreSQL.</summary>
    public static string Format(LogPosition position) => $"checkpoint:V1#1#{LsnText.Format(position.Lsn)}#0#0#*#0#0";
}
