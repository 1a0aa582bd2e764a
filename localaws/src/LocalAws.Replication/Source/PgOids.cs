namespace LocalAws.Replication.Source;

/// <summary>Object ids of PostgreSQL's built-in types; they never change.</summary>
internal static class PgOids
{
    public const uint Boolean = 16;
    public const uint Bytea = 17;
    public const uint Int8 = 20;
    public const uint Int2 = 21;
    public const uint Int4 = 23;
    public const uint Text = 25;
    public const uint Json = 114;
    public const uint Xml = 142;
    public const uint Float4 = 700;
    public const uint Float8 = 701;
    public const uint Money = 790;
    public const uint Character = 1042;
    public const uint Varchar = 1043;
    public const uint Date = 1082;
    public const uint Time = 1083;
    public const uint Timestamp = 1114;
    public const uint TimestampTz = 1184;
    public const uint TimeTz = 1266;
    public const uint Numeric = 1700;
    public const uint TsVector = 3614;
    public const uint Jsonb = 3802;
}
