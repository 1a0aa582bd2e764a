namespace LocalAws.Replication.Files;

/// <summary>Takes the values of a file's column, one a row.</summary>
internal abstract class OutputCell
{
    /// <summary>Appends a value from PostgreSQL's text of it.</summary>
    public abstract void Append(ReadOnlySpan<byte> text);

    /// <summary>Appends a text as it is; only a column of texts can.</summary>
    public abstract void AppendText(ReadOnlySpan<byte> text);

    /// <summary>Appends that there is no value.</summary>
    public abstract void AppendNull();
}
