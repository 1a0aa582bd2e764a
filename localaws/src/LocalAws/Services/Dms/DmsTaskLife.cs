using System.Text.Json.Nodes;
using LocalAws.Health;
using LocalAws.Protocols;
using LocalAws.Replication;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>The life of replication tasks: each is started, stopped and removed by whoever changes its state first.</summary>
internal sealed class DmsTaskLife(
    ScopedStore<DmsState> store,
    DmsTasks tasks,
    DmsEndpoints endpoints,
    DmsInstances instances,
    DmsConnections connections,
    DmsTaskRunner runner) : IProblemSource
{
    public async Task<JsonObject> StartAsync(AwsScope scope, JsonObject input, CancellationToken cancellationToken)
    {
        var task = tasks.Find(scope, input);
        var startType = input.Required("StartReplicationTaskType");
        _ = DmsTasks.RefuseStopPosition(input);
        var before = Claim(task, startType);
        try
        {
            await TestConnectionsAsync(scope, task, cancellationToken);
            await runner.StartAsync(scope, task, startType, input.Text("CdcStartPosition"), cancellationToken);
        }
        catch
        {
            lock (task.Gate)
            {
                // A process that was started and ended has said so itself.
                task.Status = task.Status == "starting" && task.Process is null ? before : task.Status;
            }

            throw;
        }

        return tasks.Shape(task);
    }

    /// <summary>Makes the task <c>starting</c>, so that nobody else starts, changes or deletes it.</summary>
    /// <returns>The state that it was in.</returns>
    private static string Claim(DmsTask task, string startType)
    {
        lock (task.Gate)
        {
            var startable = startType switch
            {
                StartTypes.Start =>
                    task.Status is "ready" || (task.MigrationType == MigrationTypes.Cdc && task.Status is "stopped" or "failed"),
                StartTypes.Resume => task.Status is "stopped" or "failed" && task.Started is not null,
                StartTypes.Reload => task.Status is "ready" or "stopped" or "failed",
                _ => throw new AwsException(
                    "InvalidParameterValueException",
                    $"StartReplicationTaskType '{startType}' is not one of start-replication, resume-processing, reload-target."),
            };
            if (!startable)
            {
                throw new AwsException(
                    "InvalidResourceStateFault",
                    $"Replication Task cannot be started, invalid state (it is {task.Status}, and {startType} was asked for)");
            }

            var before = task.Status;
            task.Status = "starting";
            return before;
        }
    }

    private async Task TestConnectionsAsync(AwsScope scope, DmsTask task, CancellationToken cancellationToken)
    {
        var instance = instances.Find(scope, task.InstanceArn);
        foreach (var endpointArn in new[] { task.SourceArn, task.TargetArn })
        {
            var endpoint = endpoints.Find(scope, endpointArn);
            if (store[scope].Connections.GetValueOrDefault((task.InstanceArn, endpointArn))?.Text("Status") == "successful")
            {
                continue;
            }

            if (await connections.TestAsync(scope, instance, endpoint, cancellationToken) is { } failure)
            {
                throw new AwsException(
                    "InvalidResourceStateFault",
                    $"Test connection for replication instance and endpoint {endpoint.Identifier} should be successful for starting the "
                    + $"replication task. {failure}");
            }
        }
    }

    public async Task<JsonObject> StopAsync(AwsScope scope, JsonObject input)
    {
        var task = tasks.Find(scope, input);
        lock (task.Gate)
        {
            if (task.Status is not ("running" or "starting") || task.Process is null)
            {
                throw new AwsException("InvalidResourceStateFault", $"Replication Task {task.Identifier} is currently not running.");
            }

            task.Status = "stopping";
        }

        await DmsTaskRunner.StopAsync(task);
        return tasks.Shape(task);
    }

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var task = tasks.Find(scope, input);
        lock (task.Gate)
        {
            if (task.IsActive)
            {
                throw new AwsException(
                    "InvalidResourceStateFault", $"Replication Task {task.Identifier} is {task.Status}; stop it before it is deleted.");
            }

            if (task.Status != "deleting")
            {
                task.Status = "deleting";
                _ = Task.Run(() => RemoveAsync(scope, task));
            }
        }

        return tasks.Shape(task);
    }

    private async Task RemoveAsync(AwsScope scope, DmsTask task)
    {
        try
        {
            await runner.CleanUpAsync(scope, task);
        }
        finally
        {
            // Removed even when its slot could not be dropped: clients wait until the task is gone.
            store[scope].Tasks.TryRemove(task.Arn, out _);
            store[scope].Tags.Forget(task.Arn);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
        from state in store.All
        from task in state.Value.Tasks.Values
        where task.Status == "failed"
        select $"Replication task {task.Identifier} failed: {task.LastFailureMessage}";
}
