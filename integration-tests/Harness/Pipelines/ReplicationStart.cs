using System.Text.Json;
using Amazon.DatabaseMigrationService;
using Amazon.DatabaseMigrationService.Model;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Cdc.Harness.Pipelines.Configuration;
using Cdc.Harness.Pipelines.Preflight;
using Cdc.Harness.Waiting;
using LocalAws.Postgres;

namespace Cdc.Harness.Pipelines;

/// <summary>What starting a pipeline's task takes, on an account as on the local AWS.</summary>
public sealed class ReplicationStart(PipelineOutput pipeline, SourceDatabase source, AmazonDatabaseMigrationServiceClient dms)
{
    private static readonly TimeSpan ConnectionLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Tests both connections of the task.</summary>
    /// <exception cref="PipelineException">One failed; the message is DMS's.</exception>
    public async Task TestConnectionsAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in new[] { pipeline.SourceEndpointArn, pipeline.TargetEndpointArn })
        {
            await dms.TestConnectionAsync(pipeline.InstanceArn, endpoint, cancellationToken);
            var connection = await Eventually.BecomesAsync(
                "DMS has tested a connection",
                async token => (await dms.DescribeConnectionsAsync(endpoint, token)).SingleOrDefault(),
                seen => seen is not null && seen.Status != "testing",
                ConnectionLimit,
                cancellationToken,
                Poll);
            if (connection!.Status != "successful")
            {
                throw new PipelineException(
                    $"DMS cannot connect to {connection.EndpointIdentifier}: {connection.LastFailureMessage} The task was not started. "
                    + $"DMS reads host, port, user and password from the secret {pipeline.ConnectionSecretArn}.");
            }
        }
    }

    /// <summary>Compares the configuration with the database and gives DMS's user what it needs there.</summary>
    /// <param name="configuration">The job's configuration: tables that are to have a full replica identity get it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What of the tables will not be captured, with what helps, and what was set.</returns>
    /// <exception cref="PipelineException">They do not fit; the message names tables and remedies.</exception>
    public async Task<IReadOnlyList<Finding>> PrepareSourceAsync(
        CancellationToken cancellationToken, JobConfiguration? configuration = null)
    {
        var user = await UserAsync(cancellationToken);
        var facts = await SourceCatalog.ReadAsync(source, user, cancellationToken);
        var wanted = ReplicaIdentities.Missing(pipeline.Tables, facts, configuration);
        SourcePreflight.ThrowIfRefused(
            SourcePreflight.Judge(pipeline.Tables, ReplicaIdentities.Assume(facts, wanted), configuration));
        var (set, identities) = await SetIdentitiesAsync(wanted, cancellationToken);
        var losses = SourcePreflight.ThrowIfRefused(
            [.. SourcePreflight.Judge(pipeline.Tables, ReplicaIdentities.Assume(facts, set), configuration), .. identities]);
        if ((await source.QueryAsync("SELECT pg_has_role(@user, 'rds_replication', 'MEMBER')", cancellationToken, ("user", user)))[0][0] != "t")
        {
            await source.ExecuteAsync($"GRANT rds_replication TO {SqlText.Identifier(user)}", cancellationToken);
        }

        return losses;
    }

    private async Task<(IReadOnlyList<SourceTableFacts> Set, IReadOnlyList<Finding> Findings)> SetIdentitiesAsync(
        IReadOnlyList<SourceTableFacts> wanted, CancellationToken cancellationToken)
    {
        var set = new List<SourceTableFacts>();
        var findings = new List<Finding>();
        foreach (var table in wanted)
        {
            if (await ReplicaIdentities.SetFullAsync(source, table, cancellationToken) is { } refused)
            {
                findings.Add(new Finding(
                    FindingKind.Loss,
                    $"{table.Qualified} was not given the full replica identity that its configuration asks for: {refused}.",
                    $"As the table's owner, when nobody holds it: {ReplicaIdentities.Sql(table)}"));
            }
            else
            {
                set.Add(table);
                findings.Add(new Finding(FindingKind.Applied, $"{table.Qualified} has REPLICA IDENTITY FULL now."));
            }
        }

        return (set, findings);
    }

    /// <summary>The user that DMS connects as.</summary>
    private async Task<string> UserAsync(CancellationToken cancellationToken)
    {
        using var secrets = new AmazonSecretsManagerClient();
        using var secret = JsonDocument.Parse(await secrets.GetSecretValueAsync(pipeline.ConnectionSecretArn, cancellationToken));
        return secret.RootElement.GetProperty("username").GetString()
            ?? throw new PipelineException($"The secret {pipeline.ConnectionSecretArn} has no username.");
    }

    /// <summary>Starts the task, or resumes one that stopped, and waits until it runs; a running one is left alone.</summary>
    /// <exception cref="PipelineException">It failed; the message is DMS's.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var task = await dms.DescribeReplicationTaskAsync(pipeline.TaskArn, cancellationToken);
        if (task.Status is not ("running" or "starting"))
        {
            await StartOnceAsync(task.Status == "ready" ? "start-replication" : "resume-processing", cancellationToken);
        }

        await Eventually.BecomesAsync(
            $"the task {task.ReplicationTaskIdentifier} runs",
            async token => await dms.DescribeReplicationTaskAsync(pipeline.TaskArn, token) is var seen && seen.Status is "failed" or "stopped"
                ? throw new PipelineException(
                    $"The task {seen.ReplicationTaskIdentifier} {seen.Status}: {seen.LastFailureMessage} {seen.StopReason}".TrimEnd())
                : seen,
            seen => seen.Status == "running",
            StartLimit,
            cancellationToken,
            Poll);
    }

    /// <summary>Starts the task; that somebody else starts it in this moment is as good.</summary>
    private async Task StartOnceAsync(string startType, CancellationToken cancellationToken)
    {
        try
        {
            await dms.StartReplicationTaskAsync(pipeline.TaskArn, startType, cancellationToken);
        }
        catch (AmazonServiceException met) when (met.ErrorCode == "InvalidResourceStateFault")
        {
            if ((await dms.DescribeReplicationTaskAsync(pipeline.TaskArn, cancellationToken)).Status is not ("running" or "starting"))
            {
                throw;
            }
        }
    }

    /// <summary>Waits until every table of the configuration is loaded.</summary>
    /// <exception cref="PipelineException">The task or a table failed; the message is DMS's.</exception>
    public Task<IReadOnlyList<TableStatistics>> WaitUntilLoadedAsync(CancellationToken cancellationToken) =>
        WaitUntilLoadedAsync(pipeline.Tables, cancellationToken);

    /// <summary>Waits until some tables are loaded; others may still be loading.</summary>
    /// <exception cref="PipelineException">The task or a table failed; the message is DMS's.</exception>
    public async Task<IReadOnlyList<TableStatistics>> WaitUntilLoadedAsync(
        IReadOnlyList<ReplicatedTable> awaited, CancellationToken cancellationToken) =>
        await Eventually.BecomesAsync(
            $"{string.Join(", ", awaited.Select(table => table.Name))} are loaded",
            async token =>
            {
                var task = await dms.DescribeReplicationTaskAsync(pipeline.TaskArn, token);
                var tables = await dms.DescribeTableStatisticsAsync(pipeline.TaskArn, token);
                return task.Status == "failed" ? throw new PipelineException(
                    $"The task {task.ReplicationTaskIdentifier} failed: {task.LastFailureMessage}")
                    : tables.FirstOrDefault(table => table.TableState == "Table error") is { } wrong ? throw new PipelineException(
                        $"The load of {wrong.SchemaName}.{wrong.TableName} failed. The task's log says why: {pipeline.TaskLogGroup}.")
                    : tables;
            },
            seen => awaited.All(
                table => seen.Any(loaded => loaded.TableName == table.Name && loaded.SchemaName == table.Schema && loaded.TableState == "Table completed")),
            LoadLimit,
            cancellationToken,
            Poll);
}
