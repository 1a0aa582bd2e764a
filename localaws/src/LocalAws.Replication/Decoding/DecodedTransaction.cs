using System.Buffers;
using System.Buffers.Binary;

namespace LocalAws.Replication.Decoding;

/// <summary>
/// The changes of one transaction in the order of the log. <c>test_decoding</c> tells when and where a transaction was committed behind
/// its last change only, so they are kept until then: in memory, and on the disk what exceeds it.
/// </summary>
internal sealed class DecodedTransaction(string spillPath) : IDisposable
{
    /// <summary>Bytes of a transaction that are kept in memory.</summary>
    public const int MemoryLimit = 8 * 1024 * 1024;

    private const int FirstSize = 4096;

    // Number of the table, length of the change.
    private const int Header = 2 * sizeof(int);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;
    private int _position;
    private int _change;
    private FileStream? _spill;

    /// <summary>The time of its commit, microseconds since 1970-01-01.</summary>
    public long CommitMicros { get; private set; }

    /// <summary>Where the log goes on behind its commit.</summary>
    public ulong EndLsn { get; private set; }

    /// <summary>Bytes of memory that it takes.</summary>
    public int MemoryBytes { get; private set; }

    /// <summary>Adds a change.</summary>
    public void Add(int table, ReadOnlySpan<byte> change)
    {
        Begin(table, change.Length);
        Append(change);
        End();
    }

    /// <summary>Begins a change that comes in pieces.</summary>
    /// <param name="table">Number of the table.</param>
    /// <param name="expected">Bytes that it may have.</param>
    public void Begin(int table, int expected)
    {
        if (_length > 0 && _length + Header + (long)expected > MemoryLimit)
        {
            Spill();
        }

        Reserve(Header + expected);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_length), table);
        _change = _length;
        _length += Header;
    }

    /// <summary>Adds a piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        Reserve(piece.Length);
        piece.CopyTo(_buffer.AsSpan(_length));
        _length += piece.Length;
    }

    /// <summary>The change is whole.</summary>
    public void End() => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_change + sizeof(int)), _length - _change - Header);

    /// <summary>No change follows; the changes can be read.</summary>
    public void Complete(long commitMicros, ulong endLsn)
    {
        CommitMicros = commitMicros;
        EndLsn = endLsn;
        MemoryBytes = _buffer.Length;
        if (_spill is not null)
        {
            Spill();
            _spill.Flush();
            _spill.Position = 0;
        }
    }

    /// <summary>Takes the next change, which is valid until the next call.</summary>
    public bool TryRead(out DecodedChange change)
    {
        if (_spill is not null)
        {
            return TryReadSpilled(_spill, out change);
        }

        change = default;
        if (_position >= _length)
        {
            return false;
        }

        change = ChangeAt(_position);
        _position += Header + change.Length;
        return true;
    }

    public void Dispose()
    {
        Return();
        _buffer = [];
        _spill?.Dispose();
    }

    private bool TryReadSpilled(FileStream spill, out DecodedChange change)
    {
        change = default;
        Span<byte> header = stackalloc byte[Header];
        if (spill.ReadAtLeast(header, Header, throwOnEndOfStream: false) < Header)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header[sizeof(int)..]);
        _length = 0;
        Reserve(length);
        spill.ReadExactly(_buffer, 0, length);
        change = new DecodedChange(BinaryPrimitives.ReadInt32LittleEndian(header), _buffer, 0, length);
        return true;
    }

    private DecodedChange ChangeAt(int position) => new(
        BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(position)),
        _buffer,
        position + Header,
        BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(position + sizeof(int))));

    private void Spill()
    {
        try
        {
            _spill ??= new FileStream(
                spillPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 128 * 1024,
                FileOptions.DeleteOnClose);
            _spill.Write(_buffer, 0, _length);
        }
        catch (IOException disk)
        {
            // Not the network: reading the log again would meet the same disk.
            throw new ReplicationException(
                $"A transaction could not be kept on the local disk: {disk.Message} Make room there, then start the task with "
                + "resume-processing.",
                disk);
        }

        _length = 0;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count)
        {
            return;
        }

        // The pool's arrays are twice as large as the next smaller ones: a large change gets one of its own size.
        var wanted = _length + count;
        var larger = wanted <= MemoryLimit
            ? ArrayPool<byte>.Shared.Rent(Math.Max(wanted, Math.Min(2 * _buffer.Length, MemoryLimit)))
            : LargeArray.Allocate(Math.Max(wanted, _buffer.Length + (_buffer.Length / 4)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return();
        _buffer = larger;
    }

    private void Return()
    {
        if (_buffer.Length is > 0 and <= MemoryLimit)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
