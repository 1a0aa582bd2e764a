using System.Text.Json;
using LocalAws.Hosting;
using LocalAws.Protocols;
using LocalAws.Replication;
using LocalAws.Replication.Messages;
using LocalAws.Routing;
using LocalAws.Services.Logs;

namespace LocalAws.Services.Dms;

/// <summary>
/// Carries a task out: one replicator process while it runs; what the process reports becomes the task's state, statistics and log.
/// </summary>
internal sealed class DmsTaskRunner(
    DmsConnections connections,
    DmsEndpoints endpoints,
    DmsInstances instances,
    ChildProcesses processes,
    LogWriter logs,
    GatewayOptions options,
    TimeProvider clock,
    ILogger<DmsTaskRunner> logger)
{
    /// <summary>Starts the process; the task is <c>running</c> when the process says so.</summary>
    public async Task StartAsync(
        AwsScope scope, DmsTask task, string startType, string? cdcStartPosition, CancellationToken cancellationToken)
    {
        var spec = await SpecAsync(scope, task, startType, cdcStartPosition, cancellationToken);
        Directory.CreateDirectory(FolderOf(task));
        var instance = instances.Find(scope, task.InstanceArn).Required("ReplicationInstanceIdentifier");
        task.LastFailureMessage = "";
        task.StopReason = null;
        task.Stopped = null;
        task.Started = clock.GetUtcNow();
        if (startType != StartTypes.Resume)
        {
            task.FreshStart = task.Started;
            task.Tables.Clear();
        }

        var process = processes.Start(new ChildProcessSpec($"dms {task.Identifier}", options.Replicator, [])
        {
            RedirectInput = true,
            WorkingDirectory = FolderOf(task),
            LogFile = Path.Combine(options.Home, "logs", $"dms-{task.Identifier}.log"),
            OnOutput = line => OnMessage(scope, task, instance, line),
        });
        task.Process = process;
        _ = process.Completion.ContinueWith(exit => OnExit(task, process, exit.Result), TaskScheduler.Default);
        try
        {
            await process.Input.WriteLineAsync(JsonSerializer.Serialize(spec, ContractJson.Options).AsMemory(), cancellationToken);
            await process.Input.FlushAsync(cancellationToken);
        }
        catch
        {
            // The process waits for a specification that cannot be sent any more.
            process.Kill();
            throw;
        }
    }

    /// <summary>Asks the process to write what it has staged and to end; a client that goes away does not take the stop back.</summary>
    public static async Task StopAsync(DmsTask task)
    {
        if (task.Process is { HasExited: false } process)
        {
            try
            {
                await process.Input.WriteLineAsync("""{"command":"stop"}""");
                await process.Input.FlushAsync();
            }
            catch (IOException)
            {
                // It has ended by itself.
            }
        }
    }

    /// <summary>Asks the process to load tables again.</summary>
    /// <exception cref="AwsException">The task does not run.</exception>
    public static void Reload(DmsTask task, IReadOnlyList<NamedTable> tables)
    {
        // A stop is written by whoever has changed the status: two lines never mix.
        lock (task.Gate)
        {
            if (task.Status != "running" || task.Process is not { HasExited: false } process)
            {
                throw new AwsException(
                    "InvalidResourceStateFault",
                    $"Replication Task {task.Identifier} is {task.Status}; tables of a running task are reloaded.");
            }

            process.Input.WriteLine(JsonSerializer.Serialize(
                new ReplicatorCommand { Command = ReplicatorCommand.Reload, Tables = tables }, ContractJson.Options));
            process.Input.Flush();
        }
    }

    /// <summary>Drops what the task holds in its source: its slot, which would keep the log for ever.</summary>
    public async Task CleanUpAsync(AwsScope scope, DmsTask task)
    {
        if (task.Started is null)
        {
            return;
        }

        try
        {
            var spec = await SpecAsync(scope, task, StartTypes.Resume, null, CancellationToken.None);
            await using var process = processes.Start(
                new ChildProcessSpec($"dms clean up {task.Identifier}", options.Replicator, ["clean-up"]) { RedirectInput = true });
            await process.Input.WriteLineAsync(JsonSerializer.Serialize(spec, ContractJson.Options));
            await process.Input.FlushAsync();
            if (await process.Completion != 0)
            {
                logger.LogWarning(
                    "The slot {Slot} of task {Task} was not dropped: {Message}", task.SlotName, task.Identifier, process.LastLines());
            }
        }
        catch (Exception gone)
        {
            logger.LogWarning("The slot {Slot} of task {Task} was not dropped: {Message}", task.SlotName, task.Identifier, gone.Message);
        }
        finally
        {
            if (Directory.Exists(FolderOf(task)))
            {
                Directory.Delete(FolderOf(task), recursive: true);
            }
        }
    }

    private async Task<TaskSpec> SpecAsync(
        AwsScope scope, DmsTask task, string startType, string? cdcStartPosition, CancellationToken cancellationToken)
    {
        var (source, engine) = await connections.SourceAsync(scope, endpoints.Find(scope, task.SourceArn), cancellationToken);
        return new TaskSpec
        {
            TaskIdentifier = task.Identifier,
            MigrationType = task.MigrationType,
            StartType = startType,
            StateFile = Path.Combine(FolderOf(task), "state.json"),
            SlotName = task.SlotName,
            CdcStartPosition = cdcStartPosition ?? task.CdcStartPosition,
            Source = source,
            EngineConnection = engine,
            Target = connections.Target(scope, endpoints.Find(scope, task.TargetArn)),
            TableMappings = task.TableMappings,
            TaskSettings = task.Settings.ToJsonString(),
        };
    }

    private void OnMessage(AwsScope scope, DmsTask task, string instance, string line)
    {
        if (ReplicatorOutput.Read(line) is not { } message)
        {
            logger.LogWarning("Task {Task} wrote: {Line}", task.Identifier, line);
            return;
        }

        switch (message)
        {
            case RunningMessage when task.Status == "starting":
                task.Status = "running";
                break;
            case TableMessage table:
                task.Tables[(table.Schema, table.Table)] = table;
                break;
            case ProgressMessage progress:
                task.Progress = progress;
                break;
            case CheckpointMessage checkpoint:
                task.RecoveryCheckpoint = checkpoint.Value;
                break;
            case StoppedMessage stopped:
                task.StopReason = stopped.Reason;
                break;
            case FailedMessage failed:
                task.LastFailureMessage = failed.Message;
                task.StopReason = failed.Reason;
                break;
            case LogMessage log when task.LogsToCloudWatch:
                logs.Write(
                    scope,
                    $"dms-tasks-{instance}",
                    $"dms-task-{task.ResourceId}",
                    $"{log.Time.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)} "
                    + $"[{log.Component,-16}]{log.Severity}:  {log.Message}");
                break;
        }
    }

    private void OnExit(DmsTask task, ChildProcess process, int exitCode)
    {
        if (!ReferenceEquals(task.Process, process))
        {
            return;
        }

        lock (task.Gate)
        {
            End(task, process, exitCode);
        }

        logger.LogInformation(
            "Task {Task} {Status} ({Reason}) {Failure}", task.Identifier, task.Status, task.StopReason, task.LastFailureMessage);
    }

    private void End(DmsTask task, ChildProcess process, int exitCode)
    {
        task.Process = null;
        task.Stopped = clock.GetUtcNow();
        if (exitCode != 0 && task.LastFailureMessage.Length == 0)
        {
            task.LastFailureMessage = $"The replication task's process ended with exit code {exitCode}: {process.LastLines()}";
            task.StopReason = StopReasons.Fatal;
        }

        if (task.Status != "deleting")
        {
            task.Status = exitCode == 0 ? "stopped" : "failed";
        }
    }

    private string FolderOf(DmsTask task) => Path.Combine(options.Home, "dms", task.ResourceId);
}
