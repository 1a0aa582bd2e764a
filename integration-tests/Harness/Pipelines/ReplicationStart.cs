using Amazon.DatabaseMigrationService;
using Amazon.DatabaseMigrationService.Model;
using Cdc.Harness.Waiting;

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
    /// <exception cref="PipelineException">They do not fit; the message names table and remedy.</exception>
    public async Task PrepareSourceAsync(CancellationToken cancellationToken)
    {
        if (await source.ScalarAsync("SHOW wal_level", cancellationToken) is var level && level != "logical")
        {
            throw new PipelineException(
                $"The source's wal_level is {level}; DMS needs logical. Set rds.logical_replication = 1 in its parameter group and reboot the instance.");
        }

        var keys = (await source.QueryAsync(
            """
            SELECT t.schemaname || '.' || t.tablename,
                   (SELECT string_agg(a.attname, ',' ORDER BY array_position(i.indkey::int2[], a.attnum))
                    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = format('%I.%I', t.schemaname, t.tablename)::regclass AND i.indisprimary)
            FROM pg_tables t WHERE t.schemaname NOT IN ('pg_catalog', 'information_schema')
            """,
            cancellationToken)).ToDictionary(row => row[0]!, row => row[1] ?? "");
        foreach (var table in pipeline.Tables)
        {
            if (!keys.TryGetValue(table.Qualified, out var key))
            {
                var there = string.Join(", ", keys.Keys.Order(StringComparer.Ordinal));
                throw new PipelineException(
                    $"The configuration has the table {table.Qualified}, which the database {source.Settings.Database} lacks; it has {there}. "
                    + "Create the table, or take it out of the environment's list of tables and apply. The task was not started.");
            }

            if (key != string.Join(',', table.PrimaryKey))
            {
                throw new PipelineException(
                    $"The configuration gives {table.Qualified} the primary key ({string.Join(", ", table.PrimaryKey)}), "
                    + $"but in the database it is ({key.Replace(",", ", ", StringComparison.Ordinal)}). Make them equal and apply. The task was not started.");
            }
        }

        if (await source.ScalarAsync("SELECT pg_has_role(current_user, 'rds_replication', 'MEMBER')", cancellationToken) != "t")
        {
            await source.ExecuteAsync("GRANT rds_replication TO current_user", cancellationToken);
        }
    }

    /// <summary>Starts the task, or resumes one that stopped, and waits until it runs; a running one is left alone.</summary>
    /// <exception cref="PipelineException">It failed; the message is DMS's.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var task = await dms.DescribeReplicationTaskAsync(pipeline.TaskArn, cancellationToken);
        if (task.Status is not ("running" or "starting"))
        {
            await dms.StartReplicationTaskAsync(pipeline.TaskArn, task.Status == "ready" ? "start-replication" : "resume-processing", cancellationToken);
        }

        await Eventually.BecomesAsync(
            $"the task {task.ReplicationTaskIdentifier} runs",
            async token => await dms.DescribeReplicationTaskAsync(pipeline.TaskArn, token) is var seen && seen.Status is "failed" or "stopped"
                ? throw new PipelineException($"The task {seen.ReplicationTaskIdentifier} {seen.Status}: {seen.LastFailureMessage} {seen.StopReason}".TrimEnd())
                : seen,
            seen => seen.Status == "running",
            StartLimit,
            cancellationToken,
            Poll);
    }

    /// <summary>Waits until every table of the configuration is loaded.</summary>
    /// <exception cref="PipelineException">The task or a table failed; the message is DMS's.</exception>
    public Task<IReadOnlyList<TableStatistics>> WaitUntilLoadedAsync(CancellationToken cancellationToken) =>
        WaitUntilLoadedAsync(pipeline.Tables, cancellationToken);

    /// <summary>Waits until some tables are loaded; others may still be loading.</summary>
    /// <exception cref="PipelineException">The task or a table failed; the message is DMS's.</exception>
    public async Task<IReadOnlyList<TableStatistics>> WaitUntilLoadedAsync(IReadOnlyList<ReplicatedTable> awaited, CancellationToken cancellationToken) =>
        await Eventually.BecomesAsync(
            $"{string.Join(", ", awaited.Select(table => table.Name))} are loaded",
            async token =>
            {
                var task = await dms.DescribeReplicationTaskAsync(pipeline.TaskArn, token);
                var tables = await dms.DescribeTableStatisticsAsync(pipeline.TaskArn, token);
                return task.Status == "failed" ? throw new PipelineException($"The task {task.ReplicationTaskIdentifier} failed: {task.LastFailureMessage}")
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
