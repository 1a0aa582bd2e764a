using System.Threading.Channels;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Decoding;
using LocalAws.Replication.Files;
using LocalAws.Replication.Load;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Recovery;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;
using LocalAws.Replication.Uploads;
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

    private readonly TaskConfiguration _settings;
    private readonly TimeProvider _time;
    private readonly string _engine;
    private readonly Reporter _reporter;
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PositionTracker _positions;
    private readonly UploadQueue _uploads;
    private readonly BatchTimer _timer;
    private readonly IReadOnlyList<CapturedTable> _tables;
    private readonly FullLoad _load;
    private readonly TableReloads _reloads;
    private readonly TransactionReader? _transactions;
    private readonly ChangeStream? _stream;
    private readonly ChangeApplier? _applier;
    private readonly Checkpointer _checkpointer;
    private readonly ProgressTicker _ticker;

    public TaskRun(
        TaskSpec spec,
        TaskConfiguration settings,
        SourceServer server,
        DateTime started,
        Reporter reporter,
        S3Bucket bucket,
        TaskStateFile stateFile,
        IReadOnlyList<(SourceTable Table, SelectionRule Rule)> selected,
        TaskState? state,
        LogPosition start,
        bool slotIsOurs,
        TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _engine = ConnectionStrings.Engine(spec.Source, spec.EngineConnection, server);
        _reporter = reporter;
        _positions = new PositionTracker(start);
        var retry = new Retry(settings.Task, reporter, time);
        var clock = new FileClock(state?.LastFileMillis ?? 0, time);
        _timer = new BatchTimer(TimeSpan.FromSeconds(settings.Target.CdcMaxBatchInterval), time);
        _uploads = new UploadQueue(bucket, retry, Fail, _abort.Token);
        var issues = new ValueIssues(reporter, settings.Source.FailTasksOnLobTruncation, checksTexts: !server.HasEncoding);
        var staging = StagingFolder(spec.StateFile);
        var files = new RowFileFactory(settings.Target, settings.Task, issues, staging);
        var definitions = new DefinitionBuilder(
            settings.Mappings, new TypeMapping(settings.Source, settings.Target), settings.Target, settings.Task);
        var services = new TargetServices(settings.Target, files, _uploads, _timer, clock, _positions);
        var capture = new TableCapture(definitions, services, settings.Task, reporter);
        _tables = capture.Capture(selected, state, loads: spec.MigrationType != MigrationTypes.Cdc);
        var faults = new TableFaults(settings.Task, reporter, Fail);
        var loader = new TableLoader(
            ConnectionStrings.Load(spec.Source, server), definitions, settings.Source, settings.Target, files, started, time);
        _load = new FullLoad(_tables, loader, bucket, retry, settings.Task, spec.Source, faults, reporter);
        string? slot = null;
        if (spec.MigrationType != MigrationTypes.FullLoad)
        {
            slot = settings.SlotName(spec);
            var queue = new TransactionQueue();
            var names = _tables.Select(table => table.Definition.Source).Select(table => (table.LogName, definitions.LogLimit(table))).ToList();
            _transactions = new TransactionReader(names, queue, _positions, staging);
            _stream = new ChangeStream(_engine, slot, _positions, _transactions, retry, reporter, time);
            var catalog = ConnectionStrings.Engine(spec.Source, spec.EngineConnection, server, settings.Source.ExecuteTimeout);
            _applier = new ChangeApplier(
                _tables, queue, _positions, _uploads, new DefinitionResolver(catalog, definitions, retry, reporter), faults, settings.Target,
                time);
        }

        _checkpointer = new Checkpointer(stateFile, slot, slotIsOurs, _tables, capture.Refused, _positions, clock, _stream, reporter, time);
        _reloads = new TableReloads(_tables, _load, _checkpointer, retry, faults, _engine, settings.Task, reporter, time);
        _ticker = new ProgressTicker(_tables, reporter, time);
    }

    /// <summary>Runs until it is stopped or done.</summary>
    /// <param name="reloads">Tables that are to be loaded again.</param>
    /// <param name="stop">Ends it in good order.</param>
    /// <returns>The stop reason.</returns>
    public async Task<string> RunAsync(ChannelReader<IReadOnlyList<NamedTable>> reloads, CancellationToken stop)
    {
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(stop, _abort.Token);
        // The checkpoint exists before the first row is read, so that a crash at any later moment can be resumed.
        await _checkpointer.WriteAsync(stop);
        _reporter.Send(new Messages.RunningMessage());
        var load = Guard(_load.RunAsync(loading.Token), loading.Token);
        var reloading = Guard(_reloads.RunAsync(reloads, Fail, loading.Token), loading.Token);
        List<Task> background =
        [
            Guard(_timer.RunAsync(_abort.Token), _abort.Token),
            Guard(_checkpointer.RunAsync(_abort.Token), _abort.Token),
            Guard(_ticker.RunAsync(_abort.Token), _abort.Token),
        ];
        if (_stream is { } stream && _applier is { } applier)
        {
            background.Add(Guard(stream.RunAsync(_abort.Token), _abort.Token));
            background.Add(Guard(applier.RunAsync(_abort.Token), _abort.Token));
        }

        try
        {
            var finished = await WaitAsync(load, stop);
            await loading.CancelAsync();
            await Task.WhenAll(load, reloading);
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
            await Task.WhenAll([load, reloading, .. background]);
            await Task.WhenAll(_tables.Select(table => table.Target.Uploads)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ticker.Send();
        }
    }

    public void Dispose()
    {
        _transactions?.Dispose();
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

    /// <summary>Waits for what ends the task first.</summary>
    private async Task<string> WaitAsync(Task load, CancellationToken stop)
    {
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
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

    /// <summary>Waits until the log is read up to where it is now, and what was read is staged.</summary>
    private async Task ReadUpToNowAsync(ChangeStream stream, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_engine);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_current_wal_flush_lsn()", connection);
        var end = (ulong)(NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(cancellationToken))!;
        while ((stream.Received < end || _positions.InTransaction) && !_failed.Task.IsCompleted)
        {
            await Task.Delay(PollInterval, _time, cancellationToken);
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

        _stream?.Stop();
        _applier?.Stop();
        foreach (var table in _tables.Where(table => flush && !table.Target.IsLoading))
        {
            table.Target.Flush();
        }

        var uploads = Task.WhenAll(_tables.Select(table => table.Target.Uploads));
        if (await Task.WhenAny(uploads, Task.Delay(UploadGrace, _time), _failed.Task) != uploads)
        {
            _reporter.Warning(
                LogComponents.TargetApply, "Stopped before every change was written to S3; they are read from the log again on resume.");
        }

        await _checkpointer.WriteAsync(CancellationToken.None);
    }

    private async Task CatchUpAsync(ChangeStream stream)
    {
        using var limit = new CancellationTokenSource(CatchUpGrace, _time);
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
