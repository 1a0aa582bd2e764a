namespace LocalAws.Parquet;

/// <summary>The stream that a file is written to, and how far it has come. Small writes are gathered, large ones are passed on.</summary>
/// <param name="stream">The stream.</param>
internal sealed class ParquetOutput(Stream stream)
{
    private readonly byte[] _gathered = new byte[64 * 1024];
    private int _length;

    /// <summary>Bytes written so far: where the next one stands in the file.</summary>
    public long Position { get; private set; }

    /// <summary>Writes bytes behind those so far.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Position += bytes.Length;
        if (bytes.Length > _gathered.Length - _length)
        {
            Flush();
        }

        if (bytes.Length >= _gathered.Length)
        {
            stream.Write(bytes);
            return;
        }

        bytes.CopyTo(_gathered.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Passes on what is gathered.</summary>
    public void Flush()
    {
        stream.Write(_gathered.AsSpan(0, _length));
        _length = 0;
    }
}
