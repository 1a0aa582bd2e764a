namespace LocalAws.Replication.Source;

/// <summary>A type of a column; of a domain, the type beneath it.</summary>
/// <param name="Oid">Object id.</param>
/// <param name="Modifier">Length or precision, as pg_attribute.atttypmod; -1: none.</param>
/// <param name="Name">The type as SQL has it.</param>
/// <param name="IsArray">An array of any type.</param>
/// <param name="IsComposite">A row type.</param>
internal sealed record PgType(uint Oid, int Modifier, string Name, bool IsArray = false, bool IsComposite = false)
{
    // A modifier counts its own four bytes.
    private const int Header = 4;

    /// <summary>Digits of a numeric; -1 where it has no limit, and for other types.</summary>
    public int Precision => Oid == PgOids.Numeric && Modifier >= Header ? (Modifier - Header) >> 16 : -1;

    /// <summary>Scale of a numeric, eleven bits with a sign, since PostgreSQL 15 knows negative ones; 0 for other types.</summary>
    public int Scale => Precision < 0 ? 0 : (((Modifier - Header) & 0x7ff) ^ 1024) - 1024;

    /// <summary>How numbers of the type are printed.</summary>
    public NumberForm Form => Precision < 0 ? new NumberForm(-1, 0) : new NumberForm(Math.Max(0, Scale), Math.Max(0, Precision - Scale));

    /// <summary>Characters of a char or varchar; -1 where it has no limit, and for other types.</summary>
    public int Length => Oid is PgOids.Character or PgOids.Varchar && Modifier >= Header ? Modifier - Header : -1;
}
