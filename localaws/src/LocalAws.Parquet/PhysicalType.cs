namespace LocalAws.Parquet;

/// <summary>Physical types with the numbers of the Parquet format's <c>Type</c>.</summary>
public enum PhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>32-bit signed integer, little-endian.</summary>
    Int32 = 1,

    /// <summary>64-bit signed integer, little-endian.</summary>
    Int64 = 2,

    /// <summary>IEEE 754 single precision.</summary>
    Float = 4,

    /// <summary>IEEE 754 double precision.</summary>
    Double = 5,

    /// <summary>Length-prefixed bytes.</summary>
    ByteArray = 6,

    /// <summary>Bytes of a length that the schema states.</summary>
    FixedLenByteArray = 7,
}
