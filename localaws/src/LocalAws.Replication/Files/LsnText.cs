using System.Buffers;
using System.Buffers.Text;

namespace LocalAws.Replication.Files;

/// <summary>
/// A log position as eight and eight hexadecimal digits, as DMS writes it in checkpoints: its order as text is its order.
/// </summary>
internal static class LsnText
{
    public const int Length = 17;

    public static void Write(ulong lsn, Span<byte> target)
    {
        Utf8Formatter.TryFormat((uint)(lsn >> 32), target, out _, new StandardFormat('X', 8));
        target[8] = (byte)'/';
        Utf8Formatter.TryFormat((uint)lsn, target[9..], out _, new StandardFormat('X', 8));
    }

    public static string Format(ulong lsn)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(lsn, text);
        return System.Text.Encoding.ASCII.GetString(text);
    }
}
