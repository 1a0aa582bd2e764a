namespace LocalAws.Replication.Decoding;

/// <summary>How the columns of a change compare with a table's definition.</summary>
internal enum ColumnsMatch
{
    /// <summary>Names and types are the definition's.</summary>
    Same,

    /// <summary>They are, but a number has other decimals than its type prints: the type's digits may have been changed.</summary>
    OtherDecimals,

    /// <summary>There are other columns, or other types.</summary>
    Other,
}
