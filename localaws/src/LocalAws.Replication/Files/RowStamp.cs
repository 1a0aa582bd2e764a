using System.Buffers.Text;

namespace LocalAws.Replication.Files;

/// <summary>What stands beside a row's own values. One instance is filled again for every row.</summary>
internal sealed class RowStamp
{
    /// <summary>Digits of a change's sequence: 16 of the commit time, 19 of the counter.</summary>
    public const int SequenceLength = 35;

    private const int TimePrefix = 16;

    private readonly byte[] _sequence = new byte[SequenceLength];
    private readonly byte[] _position = new byte[StreamPositionLength];

    private const int StreamPositionLength = 28;

    /// <summary>I, U or D.</summary>
    public byte Operation { get; set; } = (byte)'I';

    /// <summary>The timestamp column: 26 characters.</summary>
    public TimestampText Timestamp { get; } = new();

    /// <summary>Whether the row is a change: rows of a load have neither sequence nor position.</summary>
    public bool IsChange { get; private set; }

    public ReadOnlySpan<byte> Sequence => _sequence;

    public ReadOnlySpan<byte> Position => _position;

    public ReadOnlySpan<byte> OperationName => Operation switch
    {
        (byte)'U' => "UPDATE"u8,
        (byte)'D' => "DELETE"u8,
        _ => "INSERT"u8,
    };

    /// <summary>Begins a transaction: its commit time, the (never decreasing) time of its sequences, its place in the log.</summary>
    public void BeginTransaction(long commitMicros, long sequenceMicros, ulong commitLsn)
    {
        Timestamp.Set(commitMicros);
        var text = new TimestampText();
        text.Set(sequenceMicros);
        text.WriteDigits(_sequence.AsSpan(0, TimePrefix));
        LsnText.Write(commitLsn, _position);
        _position[LsnText.Length] = (byte)'.';
        IsChange = true;
    }

    /// <summary>Sets the change's counter and its number in the transaction.</summary>
    public void SetChange(long counter, long number)
    {
        Utf8Formatter.TryFormat(counter, _sequence.AsSpan(TimePrefix), out _, new System.Buffers.StandardFormat('D', 19));
        Utf8Formatter.TryFormat(number, _position.AsSpan(LsnText.Length + 1), out _, new System.Buffers.StandardFormat('D', 10));
    }
}
