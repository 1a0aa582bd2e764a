using System.Buffers.Binary;
using System.Text;

namespace Cdc.Harness.Changes;

/// <summary>
/// Reads the messages of PostgreSQL's pgoutput plug-in, protocol version 1, values as text
/// (https://www.postgresql.org/docs/16/protocol-logicalrep-message-formats.html).
/// </summary>
public sealed class PgOutputReader(ReadOnlyMemory<byte> bytes)
{
    private readonly Dictionary<uint, (string Schema, string Name, string[] Columns)> _relations = [];
    private int _at;

    /// <summary>Reads messages that each end with a newline.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such messages; the message names the place.</exception>
    public IReadOnlyList<Change> Read()
    {
        var changes = new List<Change>();
        while (_at < bytes.Length)
        {
            if (ReadMessage() is { } change)
            {
                changes.Add(change);
            }

            if (Byte() != '\n')
            {
                throw new InvalidDataException($"No newline after the message that ends at byte {_at - 1}.");
            }
        }

        return changes;
    }

    private Change? ReadMessage()
    {
        switch ((char)Byte())
        {
            case 'B':
                _at += 8 + 8 + 4;
                return null;
            case 'C':
                _at += 1 + 8 + 8 + 8;
                return null;
            case 'O':
                _at += 8;
                _ = Text();
                return null;
            case 'Y':
                _at += 4;
                _ = Text();
                _ = Text();
                return null;
            case 'R':
                ReadRelation();
                return null;
            case 'I':
                var inserted = _relations[Int32()];
                _at++;
                return new Change(inserted.Schema, inserted.Name, "I", Tuple(inserted.Columns), null);
            case 'U':
                var updated = _relations[Int32()];
                var old = (char)Byte() == 'N' ? null : Tuple(updated.Columns);
                if (old is not null)
                {
                    _at++;
                }

                return new Change(updated.Schema, updated.Name, "U", Tuple(updated.Columns), old);
            case 'D':
                var deleted = _relations[Int32()];
                _at++;
                return new Change(deleted.Schema, deleted.Name, "D", null, Tuple(deleted.Columns));
            case 'T':
                var relations = (int)Int32();
                _at += 1 + (4 * relations);
                return null;
            case var other:
                throw new InvalidDataException($"Unknown message '{other}' at byte {_at - 1}.");
        }
    }

    private void ReadRelation()
    {
        var id = Int32();
        var (schema, name) = (Text(), Text());
        _at++;
        var columns = new string[Int16()];
        for (var index = 0; index < columns.Length; index++)
        {
            _at++;
            columns[index] = Text();
            _at += 4 + 4;
        }

        _relations[id] = (schema, name, columns);
    }

    private Dictionary<string, string?> Tuple(string[] columns)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        var count = Int16();
        for (var index = 0; index < count; index++)
        {
            values[columns[index]] = (char)Byte() switch
            {
                'n' => null,
                't' => Text((int)Int32()),
                // A large value that the update left alone is not in the log; the shop writes none.
                var kind => throw new InvalidDataException(
                    $"The value of {columns[index]} is of the kind '{kind}', which cannot be compared."),
            };
        }

        return values;
    }

    private byte Byte() => bytes.Span[_at++];

    private short Int16()
    {
        _at += 2;
        return BinaryPrimitives.ReadInt16BigEndian(bytes.Span[(_at - 2)..]);
    }

    private uint Int32()
    {
        _at += 4;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[(_at - 4)..]);
    }

    private string Text()
    {
        var length = bytes.Span[_at..].IndexOf((byte)0);
        var text = Text(length);
        _at++;
        return text;
    }

    private string Text(int length)
    {
        _at += length;
        return Encoding.UTF8.GetString(bytes.Span[(_at - length).._at]);
    }
}
