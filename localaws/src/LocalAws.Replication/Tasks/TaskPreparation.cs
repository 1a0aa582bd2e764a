using System.Threading.Channels;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Files;
using LocalAws.Replication.Load;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;
using LocalAws.Replication.Uploads;
using LocalAws.Replication.Values;
using Npgsql;

namespace LocalAws.Replication.Tasks;

/// <summary>One run of a task, from its start to its stop.</summary>
internal sealed class TaskPreparation(
    TaskSpec spec, ChannelReader<IReadOnlyList<NamedTable>> reloads, Reporter reporter, TimeProvider time)
{
    private readonly TaskConfiguration _settings = TaskConfiguration.Parse(spec);
    private readonly DateTime _started = reporter.Now;

    private bool Captures => spec.MigrationType != MigrationTypes.FullLoad;

    private bool Loads => spec.MigrationType != MigrationTypes.Cdc;

    /// <summary>Runs until <paramref name="stop"/> is cancelled or the task is done; returns the stop reason.</summary>
    /// <exception cref="ReplicationException">The task failed.</exception>
    public async Task<string> RunAsync(CancellationToken stop)
    {
        CheckSpec();
        await CheckEndsAsync(stop);
        using var bucket = new S3Bucket(spec.Target, _settings.Target);
        await bucket.CheckAsync(stop);

        var stateFile = new TaskStateFile(spec.StateFile);
        var state = spec.StartType == StartTypes.Resume ? ReadState(stateFile) : null;
        var server = await ServerAsync(stop);
        if (Captures && !server.IsUnderstood)
        {
            throw new ReplicationException(
                $"The database '{spec.Source.Database}' has the encoding {server.Encoding}, in which its log is printed, and this engine reads "
                + "UTF8 alone: load it without its changes (full-load), or recreate it with ENCODING 'UTF8'.");
        }

        await using var engine = new NpgsqlConnection(
            ConnectionStrings.Engine(spec.Source, spec.EngineConnection, server, _settings.Source.ExecuteTimeout));
        await engine.OpenAsync(stop);
        var selection = new TableSelection(_settings.Mappings, _settings.Task, reporter);
        var selected = await selection.SelectAsync(new Catalog(engine), stop);
        var (start, slotIsOurs) = (new LogPosition(0, LogPosition.FirstCounter, 0), true);
        if (Captures)
        {
            (start, slotIsOurs) = await new SlotPreparation(
                spec, _settings, stateFile, engine, server, reporter, time).PrepareAsync(state, stop);
            // The slot may have waited long: tables are loaded as they are now.
            selected = await TableSelection.RefreshAsync(new Catalog(engine), selected, stop);
        }

        await engine.CloseAsync();
        using var run = new TaskRun(
            spec, _settings, server, _started, reporter, bucket, stateFile, selected, state, start, slotIsOurs, time);
        return await run.RunAsync(reloads, stop);
    }

    private async Task<SourceServer> ServerAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionStrings.Engine(spec.Source, spec.EngineConnection));
        await connection.OpenAsync(cancellationToken);
        return await SourceServer.ReadAsync(connection, cancellationToken);
    }

    private void CheckSpec()
    {
        if (spec.MigrationType is not (MigrationTypes.FullLoad or MigrationTypes.Cdc or MigrationTypes.FullLoadAndCdc))
        {
            throw new ReplicationException($"MigrationType '{spec.MigrationType}' is not one of full-load, cdc, full-load-and-cdc.");
        }

        if (spec.StartType is not (StartTypes.Start or StartTypes.Resume or StartTypes.Reload))
        {
            throw new ReplicationException(
                $"StartReplicationTaskType '{spec.StartType}' is not one of start-replication, resume-processing, reload-target.");
        }

        if (spec.StartType == StartTypes.Reload && !Loads)
        {
            throw new ReplicationException("A task of the type cdc has nothing to reload: start it with resume-processing.");
        }
    }

    private async Task CheckEndsAsync(CancellationToken cancellationToken)
    {
        if (await SourceConnectionTest.RunAsync(spec.Source, Captures, cancellationToken) is { } problem)
        {
            throw new ReplicationException(problem);
        }
    }

    private static TaskState ReadState(TaskStateFile file) => file.Read()
        ?? throw new ReplicationException("The task has no checkpoint to resume from: start it with start-replication or reload-target.");
}
