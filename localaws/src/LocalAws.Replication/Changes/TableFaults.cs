using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;

namespace LocalAws.Replication.Changes;

/// <summary>
/// What happens to a table that cannot go on: it is suspended, said once, and holds up no other; or the settings stop the task.
/// </summary>
internal sealed class TableFaults(TaskSettings settings, Reporter reporter, Action<Exception> fail)
{
    /// <summary>Suspends a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="message">What was wrong, where, and what to do.</param>
    public void Suspend(CapturedTable table, string message)
    {
        reporter.Error(
            LogComponents.SourceCapture,
            $"Table {table.Display} was suspended: {message} Its changes are not captured until then; the other tables go on. A task that "
            + "is resumed loads it again.");
        table.Target.Suspend();
        table.Target.Statistics.SetState(TableStates.Error);
        if (settings.StopTaskOnTableError)
        {
            fail(new ReplicationException($"Table {table.Display} failed, and TableErrorPolicy is STOP_TASK: {message}"));
        }
    }
}
