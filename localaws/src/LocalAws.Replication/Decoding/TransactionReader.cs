using LocalAws.Replication.State;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Decoding;

/// <summary>
/// Takes the messages of <c>test_decoding</c>: BEGIN, a line for each change, COMMIT with its time. Changes of captured tables are kept
/// until their transaction is whole, then queued; of others no byte is kept.
/// </summary>
/// <param name="tables">The captured tables, each with the bytes that are wanted of its values.</param>
/// <param name="queue">Takes the whole transactions.</param>
/// <param name="positions">Learns that a transaction is under way.</param>
/// <param name="folder">Takes what does not fit into memory.</param>
internal sealed class TransactionReader(
    IReadOnlyList<(string LogName, int Limit)> tables, TransactionQueue queue, PositionTracker positions, string folder) : IDisposable
{
    // A change beyond this is read piece by piece.
    private const int WholeChange = 256 * 1024;

    private static readonly byte[] TableWord = "table "u8.ToArray();
    private static readonly byte[] Committed = "COMMIT (at "u8.ToArray();

    private readonly Dictionary<byte[], int> _numbers = tables
        .Select((table, number) => (Name: System.Text.Encoding.UTF8.GetBytes(table.LogName), number))
        .ToDictionary(pair => pair.Name, pair => pair.number, ByteStringComparer.Instance);

    private readonly byte[] _buffer = new byte[WholeChange];
    private DecodedTransaction? _transaction;
    private long _spills;

    // The table of the change before: most changes come in runs.
    private byte[] _lastName = [];
    private int _lastNumber = -1;

    /// <summary>Reads one message.</summary>
    /// <param name="data">Its bytes.</param>
    /// <param name="position">Its place in the log; of a commit, the end of its record.</param>
    /// <param name="cancellationToken">Ends the wait for room in the queue.</param>
    /// <returns>The position behind the transaction that was whole with this message; null within one.</returns>
    public async ValueTask<ulong?> ReadAsync(Stream data, ulong position, CancellationToken cancellationToken)
    {
        var length = (int)data.Length;
        var whole = Math.Min(length, WholeChange);
        await data.ReadExactlyAsync(_buffer.AsMemory(0, whole), cancellationToken);
        if (_buffer.AsSpan(0, whole).StartsWith(TableWord))
        {
            await ChangeAsync(data, length, whole, cancellationToken);
            return null;
        }

        if (_buffer.AsSpan(0, whole).StartsWith("BEGIN"u8))
        {
            positions.Begin();
            _transaction = new DecodedTransaction(Path.Combine(folder, $"{++_spills:D10}.transaction"));
            return null;
        }

        if (!_buffer.AsSpan(0, whole).StartsWith(Committed))
        {
            // Messages of pg_logical_emit_message: DMS writes nothing for them.
            return null;
        }

        var transaction = _transaction!;
        transaction.Complete(CommitTime(_buffer.AsSpan(Committed.Length, whole - Committed.Length - 1)), position);
        await queue.AddAsync(transaction, cancellationToken);
        _transaction = null;
        return position;
    }

    /// <inheritdoc/>
    public void Dispose() => Abandon();

    /// <summary>Forgets the transaction that is half read: its connection is gone, and it will come again whole.</summary>
    public void Abandon()
    {
        if (_transaction is { } transaction)
        {
            transaction.Dispose();
            _transaction = null;
            positions.Abandon();
        }
    }

    private async ValueTask ChangeAsync(Stream data, int length, int whole, CancellationToken cancellationToken)
    {
        var name = NameLength(_buffer.AsSpan(TableWord.Length, whole - TableWord.Length));
        var number = Number(_buffer.AsSpan(TableWord.Length, name));
        if (number < 0)
        {
            return;
        }

        // The colon and the blank behind the name.
        var change = TableWord.Length + name + 2;
        if (whole == length)
        {
            _transaction!.Add(number, _buffer.AsSpan(change, length - change));
            return;
        }

        var transaction = _transaction!;
        var expected = (int)Math.Min(length, tables[number].Limit + (long)WholeChange);
        await queue.RoomAsync(expected, cancellationToken);
        transaction.Begin(number, expected);
        var trimmer = new ChangeTrimmer(tables[number].Limit, transaction);
        trimmer.Add(_buffer.AsSpan(change, whole - change));
        for (var rest = length - whole; rest > 0;)
        {
            var read = Math.Min(rest, _buffer.Length);
            await data.ReadExactlyAsync(_buffer.AsMemory(0, read), cancellationToken);
            trimmer.Add(_buffer.AsSpan(0, read));
            rest -= read;
        }

        trimmer.Complete();
        transaction.End();
    }

    private int Number(ReadOnlySpan<byte> name)
    {
        if (!name.SequenceEqual(_lastName))
        {
            _lastName = name.ToArray();
            _lastNumber = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var number) ? number : -1;
        }

        return _lastNumber;
    }

    /// <summary>Where the table's name ends: at a colon that stands in no quotes.</summary>
    private static int NameLength(ReadOnlySpan<byte> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    quoted = !quoted;
                    break;
                case (byte)':' when !quoted:
                    return i;
            }
        }

        return text.Length;
    }

    private static long CommitTime(ReadOnlySpan<byte> text) => PgText.TryTimestamp(text, out var micros)
        ? micros
        : throw new ReplicationException(
            $"The time of a commit, '{System.Text.Encoding.UTF8.GetString(text)}', cannot be read: the server prints times "
            + "in another form than ISO.");
}
