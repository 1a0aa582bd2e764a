namespace LocalAws.Replication.Values;

/// <summary>What a source column is in the target, after the table of types of DMS.</summary>
internal enum ValueKind
{
    Boolean,
    BooleanText,
    Int16,
    Int32,
    Int64,
    Float,
    Double,
    Decimal,
    Text,
    Bytes,
    Date,
    Time,
    Timestamp,
}
