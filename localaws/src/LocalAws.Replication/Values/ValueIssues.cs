using System.Collections.Concurrent;
using System.Text.Unicode;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Reporting;

namespace LocalAws.Replication.Values;

/// <summary>Values that could not be written as they are: said once a column and kind of trouble, not once a row.</summary>
/// <param name="reporter">Hears of them.</param>
/// <param name="failOnTruncation">Whether a value that has to be cut fails the task.</param>
/// <param name="checksTexts">Whether texts may be no UTF-8: the database has no encoding.</param>
internal sealed class ValueIssues(Reporter reporter, bool failOnTruncation, bool checksTexts)
{
    private readonly ConcurrentDictionary<(string Table, string Column, string Issue), bool> _said = new();

    /// <summary>A value was cut to the length that its column keeps.</summary>
    public void Truncated(string table, string column, string limit)
    {
        if (failOnTruncation)
        {
            throw new ReplicationException(
                $"A value of {table}.{column} is longer than {limit}, and FailTasksOnLobTruncation is set: raise "
                + "LobMaxSize or clear the setting.");
        }

        Say(table, column, $"longer than {limit} are cut off: raise LobMaxSize to keep them");
    }

    /// <summary>Looks whether a text is one, where the database does not see to it.</summary>
    /// <exception cref="TableFaultException">It is not.</exception>
    public void Check(string table, string column, ReadOnlySpan<byte> text)
    {
        if (checksTexts && !Utf8.IsValid(text))
        {
            throw new TableFaultException(
                $"A value of {table}.{column} is no UTF-8, and the database, whose encoding is SQL_ASCII, does not say what it is: "
                + "correct the value (convert_from, convert_to), or leave the column out by a remove-column rule.");
        }
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
