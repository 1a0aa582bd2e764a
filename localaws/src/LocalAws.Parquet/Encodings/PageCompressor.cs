using System.IO.Compression;

namespace LocalAws.Parquet.Encodings;

/// <summary>Compresses a page's body.</summary>
/// <param name="codec">How.</param>
#pragma warning disable CA1001 // A MemoryStream holds nothing that needs to be freed.
internal sealed class PageCompressor(CompressionCodec codec)
#pragma warning restore CA1001
{
    private const int Usual = 4 * 1024 * 1024;

    private MemoryStream _compressed = new();

    /// <summary>The compressed bytes; they are valid until the next call.</summary>
    /// <param name="page">The body.</param>
    public ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> page)
    {
        if (codec == CompressionCodec.Uncompressed)
        {
            return page;
        }

        if (_compressed.Capacity > Usual)
        {
            _compressed = new MemoryStream();
        }

        _compressed.SetLength(0);
        using (var gzip = new GZipStream(_compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(page);
        }

        return _compressed.GetBuffer().AsSpan(0, (int)_compressed.Length);
    }
}
