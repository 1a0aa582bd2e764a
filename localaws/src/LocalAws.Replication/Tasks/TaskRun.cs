using LocalAws.Replication.Changes;
using LocalAws.Replication.Files;
using LocalAws.Replication.Load;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;
using LocalAws.Replication.Values;
using Npgsql;
using NpgsqlTypes;

namespace LocalAws.Replication.Tasks;

/// <summary>A running task: its parts, wired together, and the order in which they stop.</summary>
internal sealed class TaskRun : IDisposable
{
    private static readonly TimeSpan CatchUpGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UploadGrace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly TaskSettingsSet _settings;
    private readonly string _engine;
    private readonly Reporter _reporter;
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PositionTracker _positions;
    private readonly UploadQueue _uploads;
    private readonly BatchTimer _timer;
    private readonly List<CapturedTable> _tables;
    private readonly FullLoad _load;
    private readonly ChangeStream? _stream;
    private readonly Checkpointer _checkpointer;
    private readonly ProgressTicker _ticker;

    public TaskRun(
        TaskSpec spec,
        TaskSettingsSet settings,
        string engine,
        DateTime started,
        Reporter reporter,
        S3Bucket bucket,
        TaskStateFile stateFile,
        IReadOnlyList<(SourceTable Table, SelectionRule Rule)> selected,
        TaskState? state,
        StreamMark start)
    {
        _settings = settings;
        _engine = engine;
        _reporter = reporter;
        _positions = new PositionTracker(start);
        var retry = new Retry(settings.Task, reporter);
        var clock = new FileClock(state?.LastFileMillis ?? 0);
        _timer = new BatchTimer(TimeSpan.FromSeconds(settings.Target.CdcMaxBatchInterval));
        _uploads = new UploadQueue(bucket, retry, Fail, _abort.Token);
        var issues = new ValueIssues(reporter, settings.Source.FailTasksOnLobTruncation);
        var files = new RowFileFactory(settings.Target, settings.Task, issues, StagingFolder(spec.StateFile));
        var services = new TargetServices(settings.Target, files, _uploads, _timer, clock, _positions);
        var types = new TypeMapping(settings.Source, settings.Target);

        _tables = [.. selected.Select(pair => Capture(pair.Table, pair.Rule, state, services, types, spec.MigrationType != MigrationTypes.Cdc))];
        _load = new FullLoad(
            _tables, new TableLoader(engine, settings.Source, settings.Target, files, started), bucket, settings.Task, reporter, Fail);
        string? slot = null;
        if (spec.MigrationType != MigrationTypes.FullLoad)
        {
            slot = settings.SlotName(spec);
            _stream = NewStream(slot, retry, types);
        }

        _checkpointer = new Checkpointer(stateFile, slot, _tables, _positions, clock, _stream, reporter);
        _ticker = new ProgressTicker(_tables, reporter);
    }

    public async Task<string> RunAsync(CancellationToken stop)
    {
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(stop, _abort.Token);
        // The checkpoint exists before the first row is read, so that a crash at any later moment can be resumed.
        await _checkpointer.WriteAsync(stop);
        _reporter.Send(new RunningMessage());
        var load = Guard(_load.RunAsync(loading.Token), loading.Token);
        Task[] background =
        [
            Guard(_timer.RunAsync(_abort.Token), _abort.Token),
            Guard(_checkpointer.RunAsync(_abort.Token), _abort.Token),
            Guard(_ticker.RunAsync(_abort.Token), _abort.Token),
            .. _stream is { } stream ? [Guard(stream.RunAsync(_abort.Token), _abort.Token)] : Array.Empty<Task>(),
        ];
        try
        {
            var finished = await WaitAsync(load, stop);
            await loading.CancelAsync();
            await load;
            await DrainAsync(flush: finished != StopReasons.AfterFullLoad);
            if (_failed.Task.IsCompleted)
            {
                // What broke after the stop was asked for, such as the last upload, is no clean stop.
                await _failed.Task;
            }

            return finished;
        }
        finally
        {
            await _abort.CancelAsync();
            await Task.WhenAll([load, .. background]);
            await Task.WhenAll(_tables.Select(table => table.Target.Uploads)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ticker.Send();
        }
    }

    public void Dispose()
    {
        _uploads.Dispose();
        _checkpointer.Dispose();
        _abort.Dispose();
    }

    private static string StagingFolder(string stateFile)
    {
        var folder = stateFile + ".staging";
        if (Directory.Exists(folder))
        {
            // Left by a run that was killed; what is in it is read from the log again.
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        return folder;
    }

    private CapturedTable Capture(
        SourceTable table, SelectionRule rule, TaskState? state, TargetServices services, TypeMapping types, bool loads)
    {
        var statistics = new TableStatistics(table.Schema, table.Name, _reporter);
        // A table that came while the task was stopped is captured and not loaded, as on DMS.
        var known = state?.Tables.GetValueOrDefault(table.Display) ?? (state is null ? null : new TableState(true, 0, 0, 0, 0, null, null));
        var needsLoad = loads && known is not { Loaded: true };
        if (!needsLoad)
        {
            statistics.SetState(TableStates.Completed, current => known is null ? current : current with
            {
                FullLoadRows = known.FullLoadRows,
                Inserts = known.Inserts,
                Updates = known.Updates,
                Deletes = known.Deletes,
                FullLoadStart = known.FullLoadStart,
                FullLoadEnd = known.FullLoadEnd,
            });
        }

        if (!table.HasReplicaIdentity)
        {
            _reporter.Warning(LogComponents.SourceCapture, $"Table {table.Display} has no primary key: its updates and deletes are not captured.");
        }

        var schema = OutputSchema.Build(table, _settings.Mappings, types, _settings.Target, _settings.Task);
        return new CapturedTable(table, rule, new TableTarget(schema, statistics, services, needsLoad));
    }

    private ChangeStream NewStream(string slot, Retry retry, TypeMapping types)
    {
        var resolver = new RelationResolver(
            _engine,
            _tables.ToDictionary(table => (table.Source.Schema, table.Source.Name)),
            _settings.Mappings,
            types,
            _settings.Target,
            _settings.Task,
            _reporter);
        return new ChangeStream(
            _engine,
            slot,
            Publications.NamesFor(slot),
            _positions,
            _uploads,
            retry,
            () => new ChangeApplier(_positions, _settings.Target, resolver.ResolveAsync),
            _reporter);
    }

    /// <summary>Waits for what ends the task first.</summary>
    private async Task<string> WaitAsync(Task load, CancellationToken stop)
    {
        var stopped = Task.Delay(Timeout.Infinite, stop);
        if (await Task.WhenAny(load, stopped, _failed.Task) == load && !stop.IsCancellationRequested && !_failed.Task.IsCompleted)
        {
            if (_stream is null)
            {
                return StopReasons.FullLoadFinished;
            }

            if (_settings.Task.StopTaskCachedChangesNotApplied)
            {
                return StopReasons.AfterFullLoad;
            }

            if (_settings.Task.StopTaskCachedChangesApplied)
            {
                await ReadUpToNowAsync(_stream, stop);
                return StopReasons.AfterCachedEvents;
            }

            await Task.WhenAny(stopped, _failed.Task);
        }

        if (_failed.Task.IsCompleted)
        {
            await _failed.Task;
        }

        return StopReasons.Normal;
    }

    /// <summary>Waits until the log is read up to where it is now, and no transaction is half read.</summary>
    private async Task ReadUpToNowAsync(ChangeStream stream, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_engine);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_current_wal_flush_lsn()", connection);
        var end = (ulong)(NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(cancellationToken))!;
        while ((stream.Received < end || _positions.InTransaction) && !_failed.Task.IsCompleted)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>
    /// Puts everything that is staged into S3 and confirms it. What was committed before the stop is read if that does not take long;
    /// what is left out is held back in the log and read again.
    /// </summary>
    private async Task DrainAsync(bool flush)
    {
        if (_stream is { } stream && flush)
        {
            await CatchUpAsync(stream);
        }

        _stream?.Pause();
        foreach (var table in _tables.Where(table => flush && !table.Target.IsLoading))
        {
            table.Target.Flush();
        }

        var uploads = Task.WhenAll(_tables.Select(table => table.Target.Uploads));
        if (await Task.WhenAny(uploads, Task.Delay(UploadGrace), _failed.Task) != uploads)
        {
            _reporter.Warning(LogComponents.TargetApply, "Stopped before every change was written to S3; they are read from the log again on resume.");
        }

        await _checkpointer.WriteAsync(CancellationToken.None);
    }

    private async Task CatchUpAsync(ChangeStream stream)
    {
        using var limit = new CancellationTokenSource(CatchUpGrace);
        try
        {
            await ReadUpToNowAsync(stream, limit.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or NpgsqlException)
        {
            _reporter.Info(LogComponents.SourceCapture, "Stopped before the log was read to its end; the rest is read on resume.");
        }
    }

    private async Task Guard(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Fail(Exception error) => _failed.TrySetException(error);
}
