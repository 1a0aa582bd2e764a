using LocalAws.Postgres;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Load;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Recovery;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.Target;
using LocalAws.Replication.Uploads;
using Npgsql;

namespace LocalAws.Replication.Tasks;

/// <summary>Loads tables, several at a time.</summary>
internal sealed class FullLoad(
    IReadOnlyList<CapturedTable> tables,
    TableLoader loader,
    S3Bucket bucket,
    Retry retry,
    TaskSettings settings,
    SourceSpec source,
    TableFaults faults,
    Reporter reporter)
{
    /// <summary>Loads the tables that are not loaded yet.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        RunAsync([.. tables.Where(table => table.Target.IsLoading)], cancellationToken);

    /// <summary>Loads tables whose changes are held back.</summary>
    public async Task RunAsync(IReadOnlyList<CapturedTable> loading, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(settings.MaxFullLoadSubTasks);
        var waiting = loading
            .OrderByDescending(table => table.Rule.LoadOrder)
            .ThenBy(table => table.Display, StringComparer.Ordinal);
        // Each waits for its turn by itself, so that a stop is the end of every one of them before it is the task's.
        await Task.WhenAll(waiting.Select(table => InTurnAsync(table, slots, cancellationToken)).ToList());
    }

    private async Task InTurnAsync(CapturedTable table, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            // Reading, converting and writing share one thread; it must not be the one that starts the next table.
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            await LoadAsync(table, cancellationToken);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task LoadAsync(CapturedTable table, CancellationToken cancellationToken)
    {
        var statistics = table.Target.Statistics;
        try
        {
            if (settings.DeleteObjectsBeforeLoad)
            {
                await retry.RunAsync(
                    $"The emptying of {table.Target.Folder}",
                    S3Bucket.IsRecoverable,
                    token => bucket.DeleteFolderAsync(table.Target.Folder, token),
                    cancellationToken);
            }

            reporter.Info(LogComponents.SourceUnload, $"Loading {table.Display}.");
            LoadedRows? loaded = null;
            await retry.RunAsync(
                $"The load of {table.Display}",
                ConnectionLoss.IsRecoverable,
                async token =>
                {
                    if (table.Target.IsSuspended)
                    {
                        // By one of its changes, while it was being loaded.
                        return;
                    }

                    // From its start, and over the files of the attempt before: what has changed since is among the changes.
                    statistics.SetState(
                        statistics.Current.FullLoadReloaded ? TableStates.BeingReloaded : TableStates.FullLoad,
                        current => current with { FullLoadStart = reporter.Now, FullLoadRows = 0 });
                    loaded = await loader.LoadAsync(table, token);
                },
                cancellationToken);
            if (loaded is not null && !table.Target.IsSuspended)
            {
                await DeleteOthersAsync(table, loaded, cancellationToken);
                Complete(table, loaded);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            statistics.SetState(TableStates.Cancelled);
            throw;
        }
        catch (Exception error)
        {
            faults.Suspend(table, $"Its load failed: {Explain(error, table)}");
        }
    }

    /// <summary>An attempt that broke off may have written more files than the one that ended.</summary>
    private async Task DeleteOthersAsync(CapturedTable table, LoadedRows loaded, CancellationToken cancellationToken)
    {
        if (table.Target.LoadFiles > loaded.Files)
        {
            var others = Enumerable.Range(loaded.Files + 1, table.Target.LoadFiles - loaded.Files);
            var keys = others.Select(table.Target.LoadKey).ToList();
            await retry.RunAsync(
                $"The removal of files of {table.Display}", S3Bucket.IsRecoverable, token => bucket.DeleteAsync(keys, token), cancellationToken);
        }
    }

    private void Complete(CapturedTable table, LoadedRows loaded)
    {
        table.Target.LoadCompleted();
        reporter.Info(LogComponents.SourceUnload, $"Loaded {table.Display}: {loaded.Rows} rows.");
        table.Target.Statistics.SetState(
            TableStates.Completed, current => current with { FullLoadRows = loaded.Rows, FullLoadEnd = reporter.Now });
        if (!settings.StopTaskCachedChangesNotApplied)
        {
            table.Target.LetChangesFollow();
        }
    }

    private string Explain(Exception error, CapturedTable table) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            $"{denied.MessageText}. GRANT USAGE ON SCHEMA {SqlText.Identifier(table.Definition.Source.Schema)} TO "
            + $"{SqlText.Identifier(source.Username)}; "
            + $"GRANT SELECT ON {table.Definition.Source.Quoted} TO {SqlText.Identifier(source.Username)}.",
        PostgresException { SqlState: PostgresErrorCodes.ProgramLimitExceeded or PostgresErrorCodes.OutOfMemory } tooLarge =>
            $"{tooLarge.MessageText}: a row is larger than the server can send. Take its column out of the mappings, "
            + "or make the value smaller.",
        _ => error.Message,
    };
}
