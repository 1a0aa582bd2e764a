namespace LocalAws.Parquet;

/// <summary>Converted types, the older form of annotation and the only one that DMS writes.</summary>
public enum ConvertedType
{
    /// <summary>UTF-8 text.</summary>
    Utf8 = 0,

    /// <summary>Two's complement, big-endian, with precision and scale.</summary>
    Decimal = 5,

    /// <summary>Days since 1970-01-01.</summary>
    Date = 6,

    /// <summary>Milliseconds since midnight.</summary>
    TimeMillis = 7,

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    TimestampMillis = 9,

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    TimestampMicros = 10,

    /// <summary>A 32-bit integer that holds 16-bit values.</summary>
    Int16 = 16,
}
