using System.Buffers;
using System.Text;

namespace LocalAws.Replication.Files;

/// <summary>Fields and rows with minimal quoting (RFC 4180), or with none.</summary>
internal sealed class CsvText(string delimiter, string rowDelimiter, bool quoting)
{
    private readonly byte[] _delimiter = Encoding.UTF8.GetBytes(delimiter);
    private readonly byte[] _rowDelimiter = Encoding.UTF8.GetBytes(rowDelimiter);
    private readonly SearchValues<byte> _special = SearchValues.Create(
        [(byte)'"', (byte)'\n', (byte)'\r', .. Encoding.UTF8.GetBytes(delimiter), .. Encoding.UTF8.GetBytes(rowDelimiter)]);
    private byte[] _bytes = new byte[96 * 1024];
    private bool _inRow;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Field(ReadOnlySpan<byte> value)
    {
        if (_inRow)
        {
            Append(_delimiter);
        }

        _inRow = true;
        if (quoting && value.ContainsAny(_special))
        {
            Quoted(value);
        }
        else
        {
            Append(value);
        }
    }

    public void EndRow()
    {
        Append(_rowDelimiter);
        _inRow = false;
    }

    private void Quoted(ReadOnlySpan<byte> value)
    {
        Append("\""u8);
        int quote;
        while ((quote = value.IndexOf((byte)'"')) >= 0)
        {
            Append(value[..(quote + 1)]);
            Append("\""u8);
            value = value[(quote + 1)..];
        }

        Append(value);
        Append("\""u8);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - Length < bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }
}
