namespace LocalAws.Replication.Changes;

/// <summary>One table cannot be replicated as it is. It is suspended; the others go on.</summary>
public sealed class TableFaultException : ReplicationException
{
    public TableFaultException(string message)
        : base(message)
    {
    }

    public TableFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
