using LocalAws.Replication.Changes;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;

namespace LocalAws.Replication.Tasks;

/// <summary>Sends statistics and progress, once a second and only when they changed.</summary>
internal sealed class ProgressTicker(IReadOnlyList<CapturedTable> tables, Reporter reporter, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private ProgressMessage? _last;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            Send();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public void Send()
    {
        foreach (var table in tables)
        {
            table.Target.Statistics.SendIfChanged();
        }

        var progress = Progress();
        if (progress != _last)
        {
            _last = progress;
            reporter.Send(progress);
        }
    }

    private ProgressMessage Progress()
    {
        var states = tables.Select(table => table.Target.Statistics.State).ToList();
        var share = tables.Sum(Share);
        return new ProgressMessage(
            states.Count(state => state == TableStates.Completed),
            states.Count(state => state is TableStates.FullLoad or TableStates.BeingReloaded),
            states.Count(state => state == TableStates.BeforeLoad),
            states.Count(state => state == TableStates.Error),
            tables.Count == 0 ? 100 : (int)(100 * share / tables.Count));
    }

    // A table being loaded counts by the rows that the planner believes it has, and never as complete.
    private static double Share(CapturedTable table) => table.Target.Statistics.Current switch
    {
        { State: TableStates.Completed } => 1,
        { State: TableStates.FullLoad or TableStates.BeingReloaded } current => Math.Min(0.99, current.FullLoadRows / (double)Math.Max(
            1, table.Definition.Source.EstimatedRows)),
        _ => 0,
    };
}
