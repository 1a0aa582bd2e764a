using LocalAws.Replication.Changes;
using LocalAws.Replication.Load;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Target;

namespace LocalAws.Replication.Tasks;

/// <summary>Loads the tables that are not loaded yet, several at a time.</summary>
internal sealed class FullLoad(
    IReadOnlyList<CapturedTable> tables, TableLoader loader, S3Bucket bucket, TaskSettings settings, Reporter reporter, Action<Exception> fail)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(settings.MaxFullLoadSubTasks);
        var waiting = tables
            .Where(table => table.Target.IsLoading)
            .OrderByDescending(table => table.Rule.LoadOrder)
            .ThenBy(table => table.Source.Display, StringComparer.Ordinal);
        var loads = new List<Task>();
        foreach (var table in waiting)
        {
            await slots.WaitAsync(cancellationToken);
            loads.Add(LoadAsync(table, slots, cancellationToken));
        }

        await Task.WhenAll(loads);
    }

    private async Task LoadAsync(CapturedTable table, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        var statistics = table.Target.Statistics;
        try
        {
            // Reading, converting and writing share one thread; it must not be the one that starts the next table.
            await Task.Yield();
            statistics.SetState(TableStates.FullLoad, current => current with { FullLoadStart = DateTime.UtcNow, FullLoadRows = 0 });
            if (settings.DeleteObjectsBeforeLoad)
            {
                await bucket.DeleteFolderAsync(table.Target.Folder, cancellationToken);
            }

            reporter.Info(LogComponents.SourceUnload, $"Loading {table.Source.Display}.");
            var rows = await loader.LoadAsync(table, cancellationToken);
            reporter.Info(LogComponents.SourceUnload, $"Loaded {table.Source.Display}: {rows} rows.");
            Complete(table, current => current with { FullLoadRows = rows, FullLoadEnd = DateTime.UtcNow });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            statistics.SetState(TableStates.Cancelled);
            throw;
        }
        catch (Exception error)
        {
            reporter.Error(LogComponents.SourceUnload, $"The load of {table.Source.Display} failed: {error.Message}");
            table.Target.Suspend();
            statistics.SetState(TableStates.Error);
            if (settings.StopTaskOnTableError)
            {
                fail(new ReplicationException($"The load of {table.Source.Display} failed: {error.Message}", error));
            }
        }
        finally
        {
            slots.Release();
        }
    }

    private void Complete(CapturedTable table, Func<TableMessage, TableMessage> change)
    {
        table.Target.Statistics.SetState(TableStates.Completed, change);
        if (!settings.StopTaskCachedChangesNotApplied)
        {
            table.Target.LoadCompleted();
        }
    }
}
