using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DatabaseMigrationService;
using Amazon.Glue;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecretsManager;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.State;
using Cdc.Harness.Terraform;
using Cdc.Harness.Waiting;
using Npgsql;

namespace Cdc.Cli.Tests.OnLocalAws;

/// <summary>A pipeline as the commands see it: a database, a task, buckets, and a job's configuration; without what runs the job.</summary>
internal sealed class LocalPipeline : IDisposable
{
    public const string User = "owner";
    public const string Password = "s3cret-of-the-tests";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly LocalPlaceFixture _place;
    private readonly string _name;
    private readonly AmazonDatabaseMigrationServiceClient _dms = new();
    private readonly AmazonS3Client _s3 = new();
    private IReadOnlyList<ReplicatedTable> _tables = [];
    private string _task = "";
    private string _secret = "";
    private string _source = "";
    private string _target = "";

    private LocalPipeline(LocalPlaceFixture place, string name) => (_place, _name) = (place, name);

    public string TaskArn => _task;

    public string RawBucket => $"{_name}-raw";

    public IAmazonS3 S3 => _s3;

    public StateFolder State => new(_s3, FinalBucket, "_cdc/");

    private string FinalBucket => $"{_name}-final";

    private string ConnectionString =>
        $"Host=127.0.0.1;Port={_place.DatabasePort};Username={User};Password={Password};Database={_name};SslMode=Require;Pooling=false";

    /// <param name="name">Name of its database; no two tests have one.</param>
    /// <param name="sql">What is in the database.</param>
    /// <param name="tables">Its tables that are replicated.</param>
    public static async Task<LocalPipeline> CreateAsync(
        LocalPlaceFixture place, string name, string sql, IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken)
    {
        var pipeline = new LocalPipeline(place, name);
        var server = new NpgsqlConnectionStringBuilder(pipeline.ConnectionString) { Database = "first" };
        await ExecuteAsync(server.ConnectionString, $"CREATE DATABASE {name}", cancellationToken);
        await pipeline.ExecuteAsync(sql, cancellationToken);
        await pipeline._s3.PutBucketAsync(pipeline.RawBucket, cancellationToken);
        await pipeline._s3.PutBucketAsync(pipeline.FinalBucket, cancellationToken);
        await pipeline.CreateEndpointsAsync(cancellationToken);
        await pipeline.ConfigureAsync(tables, new Dictionary<string, JsonObject>(), cancellationToken);
        await pipeline.CreateTaskAsync(cancellationToken);
        using var glue = new AmazonGlueClient();
        await glue.CreateJobAsync(
            new JsonObject
            {
                ["Name"] = name,
                ["Role"] = "arn:aws:iam::123456789012:role/r",
                ["Command"] = new JsonObject { ["Name"] = "glueetl", ["ScriptLocation"] = $"s3://{pipeline.RawBucket}/none.py" },
                ["DefaultArguments"] = new JsonObject { ["--config"] = $"s3://{pipeline.FinalBucket}/config.json" },
            },
            cancellationToken);
        return pipeline;
    }

    public void Dispose()
    {
        _dms.Dispose();
        _s3.Dispose();
    }

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => ExecuteAsync(ConnectionString, sql, cancellationToken);

    public async Task<string?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>
    /// What Terraform does when the list of tables changes: the job's configuration, and the mappings of the stopped task.
    /// </summary>
    /// <param name="more">Further members of tables, by qualified name.</param>
    public async Task ConfigureAsync(
        IReadOnlyList<ReplicatedTable> tables, IReadOnlyDictionary<string, JsonObject> more, CancellationToken cancellationToken)
    {
        _tables = tables;
        var configured = tables.Select(table =>
        {
            var document = (JsonObject)(more.GetValueOrDefault(table.Qualified)?.DeepClone() ?? new JsonObject());
            (document["schema"], document["name"]) = (table.Schema, table.Name);
            return (JsonNode)document;
        });
        var configuration = new JsonObject
        {
            ["final"] = new JsonObject { ["bucket"] = FinalBucket, ["state_prefix"] = "_cdc/" },
            ["tables"] = new JsonArray([.. configured]),
        };
        await _s3.PutObjectAsync(
            new PutObjectRequest { BucketName = FinalBucket, Key = "config.json", ContentBody = configuration.ToJsonString() },
            cancellationToken);
        if (_task.Length > 0)
        {
            await _place.DmsAsync(
                "ModifyReplicationTask",
                new JsonObject { ["ReplicationTaskArn"] = _task, ["TableMappings"] = Mappings() },
                cancellationToken);
        }
    }

    /// <summary>The applied pipeline, as its outputs tell it.</summary>
    /// <param name="databasePort">Where the commands find the database; null: where it is.</param>
    public Task<Deployment> OpenAsync(CancellationToken cancellationToken, int? databasePort = null)
    {
        var pipeline = new JsonObject
        {
            ["name"] = _name,
            ["raw_bucket"] = RawBucket,
            ["raw_prefix"] = "raw/",
            ["final_bucket"] = FinalBucket,
            ["database"] = _name,
            ["workgroup"] = _name,
            ["job_name"] = _name,
            ["job_log_group"] = "/aws-glue/jobs/output",
            ["job_error_log_group"] = "/aws-glue/jobs/error",
            ["function_name"] = _name,
            ["function_log_group"] = _name,
            ["task_arn"] = _task,
            ["task_log_group"] = _name,
            ["instance_arn"] = _place.InstanceArn,
            ["source_endpoint_arn"] = _source,
            ["target_endpoint_arn"] = _target,
            ["connection_secret_arn"] = _secret,
            ["mask_salt_secret_arn"] = null,
            ["tables"] = new JsonArray([.. _tables.Select(table => new JsonObject
            {
                ["schema"] = table.Schema,
                ["name"] = table.Name,
                ["primary_key"] = new JsonArray([.. table.PrimaryKey.Select(column => (JsonNode)column)]),
            })]),
        };
        var source = new JsonObject
        {
            ["instance_identifier"] = "place",
            ["endpoint"] = new JsonObject { ["address"] = "127.0.0.1", ["port"] = databasePort ?? _place.DatabasePort },
            ["database"] = _name,
            ["administrator_secret_arn"] = _secret,
        };
        var outputs = new JsonObject
        {
            ["pipeline"] = new JsonObject { ["value"] = pipeline },
            ["source"] = new JsonObject { ["value"] = source },
        };
        return Deployment.OpenAsync(new TerraformOutputs(outputs, "tests"), cancellationToken);
    }

    /// <summary>Stops the task.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _dms.StopReplicationTaskAsync(_task, cancellationToken);
        await Eventually.BecomesAsync(
            "the task has stopped", token => _dms.DescribeReplicationTaskAsync(_task, token), seen => seen.Status == "stopped", Limit,
            cancellationToken);
    }

    /// <summary>Deletes the stopped task and makes another of the same tables.</summary>
    public async Task ReplaceTaskAsync(CancellationToken cancellationToken)
    {
        var old = _task;
        await _dms.DeleteReplicationTaskAsync(old, cancellationToken);
        await Eventually.BecomesAsync("the task is gone", token => IsGoneAsync(old, token), gone => gone, Limit, cancellationToken);
        await CreateTaskAsync(cancellationToken);
    }

    /// <summary>Keys of a table's raw objects whose names begin with a text.</summary>
    public async Task<IReadOnlyList<string>> RawAsync(string table, string names, CancellationToken cancellationToken) =>
        [.. ((await _s3.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = RawBucket, Prefix = $"raw/public/{table}/{names}" },
            cancellationToken)).S3Objects ?? [])
            .Select(item => item.Key)];

    /// <summary>ETag and time of every object of the job's state.</summary>
    public async Task<IReadOnlyList<string>> StateObjectsAsync(CancellationToken cancellationToken) =>
        [.. ((await _s3.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = FinalBucket, Prefix = "_cdc/" }, cancellationToken)).S3Objects ?? [])
            .Select(item => $"{item.Key} {item.ETag} {item.LastModified:O}")];

    /// <summary>An object of the job's state.</summary>
    public async Task<JsonObject> StateAsync(string key, CancellationToken cancellationToken) =>
        (JsonObject)JsonNode.Parse(await _s3.ReadAsync(FinalBucket, $"_cdc/{key}", cancellationToken))!;

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> IsGoneAsync(string task, CancellationToken cancellationToken)
    {
        try
        {
            await _dms.DescribeReplicationTaskAsync(task, cancellationToken);
            return false;
        }
        catch (Amazon.Runtime.AmazonServiceException missing) when (missing.ErrorCode == "ResourceNotFoundFault")
        {
            return true;
        }
    }

    private async Task CreateEndpointsAsync(CancellationToken cancellationToken)
    {
        using var secrets = new AmazonSecretsManagerClient();
        var secret = new JsonObject
        {
            ["username"] = User,
            ["password"] = Password,
            ["host"] = "127.0.0.1",
            ["port"] = _place.DatabasePort,
        };
        _secret = await secrets.CreateSecretAsync(_name, secret.ToJsonString(), cancellationToken);
        _source = await _dms.CreateEndpointAsync(
            new JsonObject
            {
                ["EndpointIdentifier"] = $"{_name}-source",
                ["EndpointType"] = "source",
                ["EngineName"] = "postgres",
                ["DatabaseName"] = _name,
                ["SslMode"] = "require",
                ["PostgreSQLSettings"] = new JsonObject { ["SecretsManagerSecretId"] = _secret },
            },
            cancellationToken);
        _target = await _dms.CreateEndpointAsync(
            new JsonObject
            {
                ["EndpointIdentifier"] = $"{_name}-target",
                ["EndpointType"] = "target",
                ["EngineName"] = "s3",
                ["S3Settings"] = new JsonObject
                {
                    ["BucketName"] = RawBucket,
                    ["BucketFolder"] = "raw",
                    ["DataFormat"] = "csv",
                    ["CdcMaxBatchInterval"] = 1,
                    ["ServiceAccessRoleArn"] = "arn:aws:iam::123456789012:role/r",
                },
            },
            cancellationToken);
    }

    private async Task CreateTaskAsync(CancellationToken cancellationToken) => _task = await _dms.CreateReplicationTaskAsync(
        new JsonObject
        {
            ["ReplicationTaskIdentifier"] = _name,
            ["SourceEndpointArn"] = _source,
            ["TargetEndpointArn"] = _target,
            ["ReplicationInstanceArn"] = _place.InstanceArn,
            ["MigrationType"] = "full-load-and-cdc",
            ["TableMappings"] = Mappings(),
        },
        cancellationToken);

    private string Mappings() => JsonSerializer.Serialize(new
    {
        rules = _tables.Select((table, index) => new Dictionary<string, object>
        {
            ["rule-type"] = "selection",
            ["rule-id"] = $"{index + 1}",
            ["rule-name"] = table.Name,
            ["rule-action"] = "explicit",
            ["object-locator"] = new Dictionary<string, string> { ["schema-name"] = table.Schema, ["table-name"] = table.Name },
        }),
    });
}
