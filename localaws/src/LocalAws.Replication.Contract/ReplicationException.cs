namespace LocalAws.Replication;

/// <summary>An error whose message is meant for the task's owner: what, where, what to do.</summary>
public class ReplicationException : Exception
{
    /// <summary>With a message.</summary>
    public ReplicationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public ReplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
