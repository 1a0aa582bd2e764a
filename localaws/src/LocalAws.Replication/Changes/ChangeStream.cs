using LocalAws.Replication.Reporting;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;
using NpgsqlTypes;

namespace LocalAws.Replication.Changes;

/// <summary>Reads the slot and hands its messages to the applier; reconnects where that may help; tells the server what is confirmed.</summary>
internal sealed class ChangeStream(
    string connectionString,
    string slot,
    string publications,
    PositionTracker positions,
    UploadQueue uploads,
    Retry retry,
    Func<ChangeApplier> newApplier,
    Reporter reporter)
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BackPressurePause = TimeSpan.FromMilliseconds(20);

    private volatile LogicalReplicationConnection? _connection;
    private volatile bool _paused;
    private ulong _confirmed = positions.Confirmable.Lsn;

    /// <summary>Position up to which the server has sent.</summary>
    public ulong Received => _connection is { } connection ? (ulong)connection.LastReceivedLsn : 0;

    /// <summary>Reads until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        retry.RunAsync("Reading the log", IsRecoverable, StreamAsync, cancellationToken);

    /// <summary>Takes no more messages; the connection stays, so that the last position can be confirmed.</summary>
    public void Pause() => _paused = true;

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
        PostgresException postgres => postgres.IsTransient
            || postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ObjectInUse,
        NpgsqlException or IOException or TimeoutException => true,
        _ => false,
    };

    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        // Disposed by hand: a connection lost in the middle of a stream may fail to close, which is no news.
        var connection = new LogicalReplicationConnection(connectionString) { WalReceiverStatusInterval = StatusInterval };
        try
        {
            await connection.Open(cancellationToken);
            var start = positions.Latest.Lsn;
            // What had been read of a transaction is read again, with the sequences that it had.
            var applier = newApplier();
            var options = new Dictionary<string, string?> { ["proto_version"] = "1", ["publication_names"] = publications };
            var messages = connection.StartLogicalReplication(
                new PgOutputReplicationSlot(slot), cancellationToken, new NpgsqlLogSequenceNumber(start), options);
            // Not what is confirmable by now: the checkpoint on the disk may not have it yet.
            connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(Volatile.Read(ref _confirmed)));
            _connection = connection;
            await ReadAsync(messages, applier, cancellationToken);
            throw new IOException("The server ended the stream.");
        }
        finally
        {
            _connection = null;
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception error) when (error is NpgsqlException or IOException or InvalidOperationException or OperationCanceledException)
            {
            }
        }
    }

    private async Task ReadAsync(IAsyncEnumerable<XLogDataMessage> messages, ChangeApplier applier, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        await foreach (var message in messages)
        {
            while (_paused || uploads.IsFull)
            {
                await Task.Delay(BackPressurePause, cancellationToken);
            }

            var length = (int)message.Data.Length;
            if (buffer.Length < length)
            {
                buffer = new byte[Math.Max(length, 2 * buffer.Length)];
            }

            await message.Data.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);
            try
            {
                await applier.ApplyAsync(buffer, cancellationToken);
            }
            catch (IOException disk)
            {
                // Not the network: reading the log again would meet the same disk, with half a row group in the file.
                throw new ReplicationException(
                    $"A change could not be staged on the local disk: {disk.Message} Make room there, then start the task with resume-processing.", disk);
            }
        }
    }
}
