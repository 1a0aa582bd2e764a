using System.Collections.Concurrent;
using LocalAws.Replication.Reporting;

namespace LocalAws.Replication.Values;

/// <summary>Values that could not be written as they are: said once a column and kind of trouble, not once a row.</summary>
internal sealed class ValueIssues(Reporter reporter, bool failOnTruncation)
{
    private readonly ConcurrentDictionary<(string Table, string Column, string Issue), bool> _said = new();

    /// <summary>A value was cut to the length that its column keeps.</summary>
    public void Truncated(string table, string column, string limit)
    {
        if (failOnTruncation)
        {
            throw new ReplicationException(
                $"A value of {table}.{column} is longer than {limit}, and FailTasksOnLobTruncation is set: raise LobMaxSize or clear the setting.");
        }

        Say(table, column, $"longer than {limit} are cut off: raise LobMaxSize to keep them");
    }

    /// <summary>A value has no form in the target and became NULL.</summary>
    public void Unwritable(string table, string column, string reason) => Say(table, column, $"that {reason} are written as NULL");

    private void Say(string table, string column, string issue)
    {
        if (_said.TryAdd((table, column, issue), true))
        {
            reporter.Warning(LogComponents.TargetLoad, $"Values of {table}.{column} {issue}.");
        }
    }
}
