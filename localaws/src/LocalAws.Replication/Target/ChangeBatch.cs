using LocalAws.Replication.Files;
using LocalAws.Replication.Sequence;

namespace LocalAws.Replication.Target;

/// <summary>A file of changes, open or waiting for its upload, with its hold on the log's position.</summary>
internal sealed class ChangeBatch(RowFile file, LinkedListNode<LogPosition> hold)
{
    public RowFile File { get; } = file;

    public LinkedListNode<LogPosition> Hold { get; } = hold;

    public int Inserts { get; set; }

    public int Updates { get; set; }

    public int Deletes { get; set; }
}
