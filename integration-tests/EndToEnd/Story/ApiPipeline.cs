using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DatabaseMigrationService.Model;
using Amazon.S3.Model;
using Amazon.SecretsManager;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Configuration;
using Cdc.Harness.Pipelines.Loads;
using Cdc.Harness.Pipelines.State;
using Cdc.Harness.Waiting;

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>
/// A second pipeline of another database, made by API calls: its own endpoints, task, raw folder, catalog database and job. Instance, roles
/// and buckets are the environment's, and the job's definition is the environment's with another configuration.
/// </summary>
public sealed class ApiPipeline : IAsyncDisposable
{
    private const string ConfigurationArgument = "--config";

    private static readonly TimeSpan DisposalLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LoadPoll = TimeSpan.FromMilliseconds(500);

    private readonly Deployment _environment;
    private readonly Stack<Func<CancellationToken, Task>> _undo;

    private ApiPipeline(Deployment environment, PipelineOutput output, Stack<Func<CancellationToken, Task>> undo) =>
        (_environment, Output, _undo) = (environment, output, undo);

    public PipelineOutput Output { get; private set; }

    public AthenaQuery Athena => new(_environment.AthenaClient, Output.Database, Output.Workgroup);

    /// <param name="password">Password in the secret that DMS reads; null for the right one.</param>
    public static async Task<ApiPipeline> CreateAsync(
        Deployment environment, SourceDatabase source, string name, IReadOnlyList<ReplicatedTable> tables,
        CancellationToken cancellationToken, string? password = null)
    {
        var undo = new Stack<Func<CancellationToken, Task>>();
        try
        {
            return await CreateAsync(environment, source, name, tables, password, undo, cancellationToken);
        }
        catch
        {
            // What was made by then would be found by the test of the destroy, and hide what went wrong here.
            await UndoAsync(undo);
            throw;
        }
    }

    private static async Task<ApiPipeline> CreateAsync(
        Deployment environment, SourceDatabase source, string name, IReadOnlyList<ReplicatedTable> tables, string? password,
        Stack<Func<CancellationToken, Task>> undo, CancellationToken cancellationToken)
    {
        var pipeline = environment.Pipeline;
        using var secrets = new AmazonSecretsManagerClient();
        var secret = new JsonObject
        {
            ["host"] = source.Settings.Host,
            ["port"] = source.Settings.Port,
            ["username"] = source.Settings.Username,
            ["password"] = password ?? source.Settings.Password,
        };
        var secretArn = await secrets.CreateSecretAsync(name, secret.ToJsonString(), cancellationToken);
        undo.Push(token => DeleteSecretAsync(secretArn, token));
        var sourceArn = await environment.Dms.CreateEndpointAsync(
            new JsonObject
            {
                ["EndpointIdentifier"] = $"{name}-source",
                ["EndpointType"] = "source",
                ["EngineName"] = "postgres",
                ["DatabaseName"] = source.Settings.Database,
                ["SslMode"] = "require",
                ["PostgreSQLSettings"] = new JsonObject
                {
                    ["SecretsManagerSecretId"] = secretArn,
                    ["SecretsManagerAccessRoleArn"] = "arn:aws:iam::123456789012:role/shop-dms-source",
                    ["DatabaseName"] = source.Settings.Database,
                },
            },
            cancellationToken);
        undo.Push(token => environment.Dms.DeleteEndpointAsync(sourceArn, token));
        var targetArn = await environment.Dms.CreateEndpointAsync(
            new JsonObject
            {
                ["EndpointIdentifier"] = $"{name}-target",
                ["EndpointType"] = "target",
                ["EngineName"] = "s3",
                ["S3Settings"] = new JsonObject
                {
                    ["BucketName"] = pipeline.RawBucket,
                    // Outside the prefix whose objects ring the environment's own job.
                    ["BucketFolder"] = name,
                    ["ServiceAccessRoleArn"] = "arn:aws:iam::123456789012:role/shop-dms-target",
                    ["DataFormat"] = "parquet",
                    ["IncludeOpForFullLoad"] = true,
                    ["TimestampColumnName"] = "dms_commit_ts",
                    ["CdcMaxBatchInterval"] = 1,
                },
            },
            cancellationToken);
        undo.Push(token => environment.Dms.DeleteEndpointAsync(targetArn, token));
        var taskArn = await environment.Dms.CreateReplicationTaskAsync(
            new JsonObject
            {
                ["ReplicationTaskIdentifier"] = name,
                ["SourceEndpointArn"] = sourceArn,
                ["TargetEndpointArn"] = targetArn,
                ["ReplicationInstanceArn"] = pipeline.InstanceArn,
                ["MigrationType"] = "full-load-and-cdc",
                ["TableMappings"] = Mappings(tables),
            },
            cancellationToken);
        undo.Push(token => EndTaskAsync(environment, taskArn, token));
        var output = pipeline with
        {
            Name = name,
            RawPrefix = $"{name}/",
            Database = name,
            JobName = name,
            TaskArn = taskArn,
            SourceEndpointArn = sourceArn,
            TargetEndpointArn = targetArn,
            ConnectionSecretArn = secretArn,
            MaskSaltSecretArn = null,
            Tables = tables,
        };
        await CreateJobAsync(environment, output, undo, cancellationToken);
        return new ApiPipeline(environment, output, undo);
    }

    public Task StartAsync(CancellationToken cancellationToken) => StartWith(_environment.Source).StartAsync(cancellationToken);

    public Task TestConnectionsAsync(CancellationToken cancellationToken) =>
        StartWith(_environment.Source).TestConnectionsAsync(cancellationToken);

    public Task<IReadOnlyList<TableStatistics>> WaitUntilLoadedAsync(ReplicatedTable table, CancellationToken cancellationToken) =>
        StartWith(_environment.Source).WaitUntilLoadedAsync([table], cancellationToken);

    public Task<IReadOnlyList<TableStatistics>> StatisticsAsync(CancellationToken cancellationToken) =>
        _environment.Dms.DescribeTableStatisticsAsync(Output.TaskArn, cancellationToken);

    /// <summary>Stops the task and waits until it is.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _environment.Dms.StopReplicationTaskAsync(Output.TaskArn, cancellationToken);
        await Eventually.BecomesAsync(
            $"the task {Output.Name} has stopped",
            token => _environment.Dms.DescribeReplicationTaskAsync(Output.TaskArn, token),
            seen => seen.Status is "stopped" or "failed",
            TimeSpan.FromMinutes(1),
            cancellationToken);
    }

    /// <summary>Replicates other tables: the stopped task's mappings, and the job's configuration.</summary>
    public async Task ChangeTablesAsync(IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken)
    {
        Output = Output with { Tables = tables };
        await _environment.Dms.ModifyReplicationTaskAsync(
            new JsonObject { ["ReplicationTaskArn"] = Output.TaskArn, ["TableMappings"] = Mappings(tables) }, cancellationToken);
        await ConfigureAsync(_environment, Output, cancellationToken);
    }

    /// <summary>What <c>make start</c> does when the task runs: records the columns, has tables loaded that never were, records loads.</summary>
    /// <returns>The tables that it had loaded, by name.</returns>
    public async Task<IReadOnlyList<string>> CompleteLoadsAsync(SourceDatabase source, CancellationToken cancellationToken)
    {
        var state = await StateAsync(cancellationToken);
        foreach (var schema in await SourceSchemas.ReadAsync(source, Output.Tables, cancellationToken))
        {
            await state.RecordAsync(schema, cancellationToken);
        }

        var loads = new TableLoads(
            Output.Tables, new DmsReplicationTask(_environment.Dms, Output.TaskArn), state.RecordAsync, _ => { }, LoadPoll,
            TimeProvider.System);
        return [.. (await loads.CompleteAsync(cancellationToken)).Select(table => table.Name)];
    }

    /// <summary>The state of its job.</summary>
    public async Task<StateFolder> StateAsync(CancellationToken cancellationToken)
    {
        var configuration = await JobConfiguration.ReadAsync(_environment.Glue, _environment.S3, Output.JobName, cancellationToken);
        return new StateFolder(_environment.S3, configuration.FinalBucket, configuration.StatePrefix);
    }

    /// <summary>Runs the job once, to its good end.</summary>
    public async Task RunJobAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var id = await _environment.Glue.StartJobRunAsync(Output.JobName, new Dictionary<string, string>(), cancellationToken);
        await Eventually.BecomesAsync(
            $"the run {id} has succeeded",
            async token => await _environment.Glue.GetJobRunAsync(Output.JobName, id, token) is var run && !run.IsActive && run.JobRunState != "SUCCEEDED"
                ? throw new PipelineException($"The run {id} ended {run.JobRunState}: {run.ErrorMessage}")
                : run,
            seen => seen.JobRunState == "SUCCEEDED",
            limit,
            cancellationToken);
    }

    public async ValueTask DisposeAsync() => await UndoAsync(_undo);

    private static async Task UndoAsync(Stack<Func<CancellationToken, Task>> undo)
    {
        // Not the story's time: what is left would be found by the test of the destroy.
        using var limit = new CancellationTokenSource(DisposalLimit);
        while (undo.TryPop(out var step))
        {
            await step(limit.Token);
        }
    }

    private static async Task DeleteSecretAsync(string secretArn, CancellationToken cancellationToken)
    {
        using var secrets = new AmazonSecretsManagerClient();
        await secrets.DeleteSecretAsync(secretArn, cancellationToken);
    }

    /// <summary>Stops the task, whatever it is doing, and deletes it.</summary>
    private static async Task EndTaskAsync(Deployment environment, string taskArn, CancellationToken cancellationToken)
    {
        await Eventually.BecomesAsync(
            "the task rests",
            async token =>
            {
                var task = await environment.Dms.DescribeReplicationTaskAsync(taskArn, token);
                if (task.Status == "running")
                {
                    await environment.Dms.StopReplicationTaskAsync(taskArn, token);
                }

                return task;
            },
            seen => seen.Status is "ready" or "stopped" or "failed",
            TimeSpan.FromMinutes(1),
            cancellationToken);
        await environment.Dms.DeleteReplicationTaskAsync(taskArn, cancellationToken);
        await Eventually.BecomesAsync(
            "the task is deleted", token => IsGoneAsync(environment, taskArn, token), gone => gone, TimeSpan.FromMinutes(1),
            cancellationToken);
    }

    private ReplicationStart StartWith(SourceDatabase source) => new(Output, source, _environment.Dms);

    private static async Task<bool> IsGoneAsync(Deployment environment, string taskArn, CancellationToken cancellationToken)
    {
        try
        {
            await environment.Dms.DescribeReplicationTaskAsync(taskArn, cancellationToken);
            return false;
        }
        catch (Amazon.Runtime.AmazonServiceException missing) when (missing.ErrorCode == "ResourceNotFoundFault")
        {
            return true;
        }
    }

    private static async Task CreateJobAsync(
        Deployment environment, PipelineOutput output, Stack<Func<CancellationToken, Task>> undo, CancellationToken cancellationToken)
    {
        var job = await environment.Glue.GetJobAsync(environment.Pipeline.JobName, cancellationToken);
        ((JsonObject)job["DefaultArguments"]!)[ConfigurationArgument] = await ConfigureAsync(environment, output, cancellationToken);
        job["Name"] = output.JobName;
        await environment.Glue.CreateDatabaseAsync(output.Database, cancellationToken);
        undo.Push(token => environment.Glue.DeleteDatabaseAsync(output.Database, token));
        await environment.Glue.CreateJobAsync(job, cancellationToken);
        undo.Push(token => environment.Glue.DeleteJobAsync(output.JobName, token));
    }

    /// <summary>Puts the job's configuration: the environment's, with what is this pipeline's own.</summary>
    /// <returns>Its place.</returns>
    private static async Task<string> ConfigureAsync(Deployment environment, PipelineOutput output, CancellationToken cancellationToken)
    {
        var job = await environment.Glue.GetJobAsync(environment.Pipeline.JobName, cancellationToken);
        var arguments = (JsonObject)job["DefaultArguments"]!;
        var given = new Uri(arguments[ConfigurationArgument]!.GetValue<string>());
        using var stored = await environment.S3.GetObjectAsync(given.Host, given.AbsolutePath.TrimStart('/'), cancellationToken);
        var configuration = (JsonObject)(await JsonNode.ParseAsync(stored.ResponseStream, cancellationToken: cancellationToken))!;
        configuration["raw"]!["prefix"] = output.RawPrefix;
        configuration["final"]!["state_prefix"] = $"_{output.Name}/";
        configuration["database"] = output.Database;
        configuration["mask_salt_secret_arn"] = null;
        configuration["tables"] = JsonSerializer.SerializeToNode(output.Tables.Select(table => new
        {
            schema = table.Schema,
            name = table.Name,
            primary_key = table.PrimaryKey,
            filter = (string?)null,
            columns = new { },
            derived = new { },
        }));
        var key = $"glue/config-{output.Name}.json";
        await environment.S3.PutObjectAsync(
            new PutObjectRequest { BucketName = given.Host, Key = key, ContentBody = configuration.ToJsonString() }, cancellationToken);
        return $"s3://{given.Host}/{key}";
    }

    private static string Mappings(IReadOnlyList<ReplicatedTable> tables)
    {
        JsonObject Locator(string schema, string table) => new() { ["schema-name"] = schema, ["table-name"] = table };
        JsonObject Added(int id, string name, string header) => new()
        {
            ["rule-type"] = "transformation",
            ["rule-id"] = $"{id}",
            ["rule-name"] = name,
            ["rule-action"] = "add-column",
            ["rule-target"] = "column",
            ["object-locator"] = Locator("%", "%"),
            ["value"] = name,
            ["expression"] = header,
            ["data-type"] = new JsonObject { ["type"] = "string", ["length"] = 50 },
        };
        var rules = new JsonArray([.. tables.Select((table, index) => new JsonObject
        {
            ["rule-type"] = "selection",
            ["rule-id"] = $"{100 + index}",
            ["rule-name"] = table.Name,
            ["rule-action"] = "explicit",
            ["object-locator"] = Locator(table.Schema, table.Name),
        })]);
        rules.Add(Added(10, "dms_seq", "$AR_H_CHANGE_SEQ"));
        rules.Add(Added(11, "dms_position", "$AR_H_STREAM_POSITION"));
        rules.Add(new JsonObject
        {
            ["rule-type"] = "transformation",
            ["rule-id"] = "20",
            ["rule-name"] = "before-image",
            ["rule-action"] = "add-before-image-columns",
            ["rule-target"] = "column",
            ["object-locator"] = Locator("%", "%"),
            ["before-image-def"] =
                new JsonObject { ["column-prefix"] = "dms_before_", ["column-suffix"] = "", ["column-filter"] = "pk-only" },
        });
        return new JsonObject { ["rules"] = rules }.ToJsonString();
    }
}
