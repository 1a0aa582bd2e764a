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
    private FileStream? _spill;

    /// <summary>The time of its commit, microseconds since 1970-01-01.</summary>
    public long CommitMicros { get; private set; }

    /// <summary>Where the log goes on behind its commit.</summary>
    public ulong EndLsn { get; private set; }

    /// <summary>Bytes of memory that it takes.</summary>
    public int MemoryBytes { get; private set; }

    public void Add(int table, ReadOnlySpan<byte> change)
    {
        var needed = Header + change.Length;
        if (_length + needed > MemoryLimit && _length > 0)
        {
            Spill();
        }

        Reserve(needed);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_length), table);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_length + sizeof(int)), change.Length);
        change.CopyTo(_buffer.AsSpan(_length + Header));
        _length += needed;
    }

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
        ArrayPool<byte>.Shared.Return(_buffer);
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
        _spill ??= new FileStream(spillPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 128 * 1024, FileOptions.DeleteOnClose);
        _spill.Write(_buffer, 0, _length);
        _length = 0;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + count, Math.Min(2 * _buffer.Length, MemoryLimit)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
