using LocalAws.Health;
using LocalAws.Hosting;
using LocalAws.Postgres;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>
/// The life of an instance's server: it is created, rebooted, recovered when it ends by itself, and deleted, one after the other.
/// </summary>
internal sealed class DbInstanceLife(
    ScopedStore<RdsState> store,
    PostgresDistributions distributions,
    GroupSettings groups,
    DbEvents events,
    ChildProcesses processes,
    GatewayOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<DbInstanceLife> logger) : IProblemSource
{
    /// <summary>How often a server is started again before the instance is given up.</summary>
    private const int StartAttempts = 3;

    /// <summary>The sessions of a server that was killed hold its memory for a moment.</summary>
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(1);

    public void Create(AwsScope scope, DbInstance instance, PostgresDistribution distribution, string password) =>
        Enqueue(scope, instance, async () =>
    {
        var settings = groups.Of(scope, instance.ParameterGroup, distribution);
        var server = await PostgresServer.CreateAsync(
            distribution, processes, options, clock, instance.Identifier, settings, instance.Deletion.Token);
        try
        {
            await server.CreateMasterUserAsync(instance.MasterUsername, password, instance.DatabaseName, instance.Deletion.Token);
        }
        catch
        {
            await server.DeleteAsync();
            throw;
        }

        // Before the status is looked at: a deletion that comes now finds the server.
        instance.Server = server;
        instance.Port = server.Port;
        if (instance.Become(DbInstanceStatus.Available, from: DbInstanceStatus.Creating))
        {
            events.Add(scope, instance, "creation", "DB instance created");
            _ = WatchAsync(scope, instance, server);
        }
    });

    /// <summary>The instance is <c>rebooting</c> already.</summary>
    public void Reboot(AwsScope scope, DbInstance instance, PostgresServer server) => Enqueue(scope, instance, async () =>
    {
        await server.StopAsync();
        events.Add(scope, instance, "availability", "DB instance shutdown");
        await StartAsync(scope, instance, server);
        events.Add(scope, instance, "availability", "DB instance restarted");
    });

    /// <summary>The instance is <c>deleting</c> already.</summary>
    public void Delete(AwsScope scope, DbInstance instance)
    {
        instance.Deletion.Cancel();
        Enqueue(scope, instance, async () =>
        {
            try
            {
                if (instance.Server is { } server)
                {
                    await server.DeleteAsync();
                }
            }
            finally
            {
                // Removed even when its folder could not be: clients wait for this. The folder goes when the stack stops.
                store[scope].Instances.TryRemove(KeyValuePair.Create(instance.Identifier, instance));
                store[scope].Tags.Forget(instance.Arn);
                events.Add(scope, instance, "deletion", "DB instance deleted");
            }
        });
    }

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
        from state in store.All
        from instance in state.Value.Instances.Values
        where instance.FailureReason is not null
        select $"DB instance {instance.Identifier} failed: {instance.FailureReason}";

    private async Task WatchAsync(AwsScope scope, DbInstance instance, PostgresServer server)
    {
        if (await server.EndsByItselfAsync() is { } how && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            Enqueue(scope, instance, () => RecoverAsync(scope, instance, server, how));
        }
    }

    private async Task RecoverAsync(AwsScope scope, DbInstance instance, PostgresServer server, string how)
    {
        // A reboot that was ordered in the same moment has started another.
        if (server.IsRunning || !instance.Become(DbInstanceStatus.Rebooting, from: DbInstanceStatus.Available))
        {
            return;
        }

        logger.LogWarning("The server of DB instance {Identifier} ended by itself: {How}", instance.Identifier, how);
        events.Add(scope, instance, "recovery", $"Recovery of the DB instance has started: {how}");
        if (instance.Ends.Add(clock.GetUtcNow()))
        {
            throw new InvalidOperationException(
                $"The server ended by itself {ServerEnds.Most + 1} times within {ServerEnds.Span.TotalMinutes:0} minutes: {how}");
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartAsync(scope, instance, server);
                events.Add(scope, instance, "recovery", "Recovery of the DB instance is complete.");
                return;
            }
            catch (InvalidOperationException failure) when (attempt < StartAttempts)
            {
                logger.LogWarning(
                    "DB instance {Identifier}, attempt {Attempt} of {Attempts}: {Message}",
                    instance.Identifier,
                    attempt,
                    StartAttempts,
                    failure.Message);
                await Task.Delay(StartPause, clock, instance.Deletion.Token);
            }
        }
    }

    private async Task StartAsync(AwsScope scope, DbInstance instance, PostgresServer server)
    {
        // What the group says now: a server that starts again has all of it in force.
        var settings = groups.Of(scope, instance.ParameterGroup, distributions.OfVersion(instance.EngineVersion));
        await server.StartAsync(settings, instance.Deletion.Token);
        instance.ParameterApplyStatus = "in-sync";
        instance.Become(DbInstanceStatus.Available, from: DbInstanceStatus.Rebooting);
        _ = WatchAsync(scope, instance, server);
    }

    private void Enqueue(AwsScope scope, DbInstance instance, Func<Task> work) => instance.Enqueue(async () =>
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (instance.Deletion.IsCancellationRequested)
        {
            logger.LogInformation("DB instance {Identifier} is deleted while it was being made", instance.Identifier);
        }
        catch (Exception failure)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // The shutdown ends the server's process; that is no failure of the instance.
                return;
            }

            var status = instance.Status;
            logger.LogError(failure, "DB instance {Identifier} failed while it was {Status}", instance.Identifier, status);
            if (instance.Fail(failure.Message))
            {
                events.Add(scope, instance, "failure", $"The DB instance has failed while it was {status}: {failure.Message}");
            }
        }
    });
}
