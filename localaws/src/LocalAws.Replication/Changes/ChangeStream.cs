using LocalAws.Replication.Decoding;
using LocalAws.Replication.Recovery;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.TestDecoding;
using NpgsqlTypes;
using ReplicationSlot = LocalAws.Replication.Source.ReplicationSlot;

namespace LocalAws.Replication.Changes;

/// <summary>Reads the slot and queues whole transactions; reconnects where that may help; tells the server what is confirmed.</summary>
internal sealed class ChangeStream(
    string connectionString, string slot, PositionTracker positions, TransactionReader transactions, Retry retry, Reporter reporter,
    TimeProvider time)
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Times only, and nothing of transactions that changed no table.
    private static readonly Dictionary<string, string?> Options = new()
    {
        ["include-xids"] = "0",
        ["include-timestamp"] = "1",
        ["skip-empty-xacts"] = "1",
    };

    private volatile LogicalReplicationConnection? _connection;
    private volatile bool _paused;
    private ulong _confirmed = positions.Confirmable.Lsn;
    private ulong _queued = positions.Latest.Lsn;

    /// <summary>Position up to which the server has sent.</summary>
    public ulong Received => _connection is { } connection ? (ulong)connection.LastReceivedLsn : 0;

    /// <summary>Reads until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        retry.RunAsync("Reading the log", IsRecoverable, StreamAsync, cancellationToken);

    /// <summary>Takes no more messages; the connection stays, so that the last position can be confirmed.</summary>
    public void Stop() => _paused = true;

    /// <summary>Tells the server that it need not keep the log up to here.</summary>
    public async Task ConfirmAsync(ulong lsn, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _confirmed, lsn);
        // Before the server's first message the stream may not have begun, and a status has nowhere to go.
        if (_connection is not { } connection || (ulong)connection.LastReceivedLsn == 0)
        {
            return;
        }

        try
        {
            connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(lsn));
            await connection.SendStatusUpdate(cancellationToken);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or ObjectDisposedException)
        {
            // Said again on the next connection; the checkpoint on the disk has it.
            reporter.Info(LogComponents.SourceCapture, $"The position was not confirmed: {error.Message}");
        }
    }

    private static bool IsRecoverable(Exception error) => error switch
    {
        ReplicationException => false,
        PostgresException postgres => ConnectionLoss.IsRecoverable(postgres) || postgres.SqlState == PostgresErrorCodes.ObjectInUse,
        _ => ConnectionLoss.IsRecoverable(error),
    };

    private async Task StreamAsync(Action healthy, CancellationToken cancellationToken)
    {
        // Disposed by hand: a connection lost in the middle of a stream may fail to close, which is no news.
        var connection = new LogicalReplicationConnection(connectionString) { WalReceiverStatusInterval = StatusInterval };
        // Of this connection alone: when it breaks within a message Npgsql leaves a registration behind, which throws in whoever cancels
        // later.
        using var life = new CancellationTokenSource();
        await using var end = cancellationToken.Register(() => End(life));
        try
        {
            await connection.Open(life.Token);
            // What waits in the queue is not read again.
            var start = Math.Max(_queued, positions.Latest.Lsn);
            var messages = connection.StartLogicalReplication(
                new TestDecodingReplicationSlot(slot), life.Token, new NpgsqlLogSequenceNumber(start), Options);
            // Not what is confirmable by now: the checkpoint on the disk may not have it yet.
            connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(Volatile.Read(ref _confirmed)));
            _connection = connection;
            await ReadAsync(messages, healthy, cancellationToken);
            throw new IOException("The server ended the stream.");
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedObject)
        {
            throw ReplicationSlot.Missing(slot);
        }
        catch (PostgresException error) when (IsLogLost(error))
        {
            throw ReplicationSlot.Lost(slot);
        }
        finally
        {
            _connection = null;
            transactions.Abandon();
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception error) when (error
                is NpgsqlException or IOException or InvalidOperationException or OperationCanceledException or AggregateException)
            {
                // The last: what a connection that broke within a message left registered throws when it is cancelled by its own disposal.
            }
        }
    }

    private static void End(CancellationTokenSource life)
    {
        try
        {
            life.Cancel();
        }
        catch (AggregateException)
        {
            // The connection broke at this very moment.
        }
    }

    /// <summary>
    /// An invalidated slot (55000), and a segment of the log that is gone (58P01): both are called transient, and neither comes back.
    /// </summary>
    private static bool IsLogLost(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.UndefinedFile;

    private async Task ReadAsync(IAsyncEnumerable<XLogDataMessage> messages, Action healthy, CancellationToken cancellationToken)
    {
        await foreach (var message in messages)
        {
            while (_paused)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }

            if (await transactions.ReadAsync(message.Data, (ulong)message.WalStart, cancellationToken) is { } end)
            {
                _queued = end;
                healthy();
            }
        }
    }
}
