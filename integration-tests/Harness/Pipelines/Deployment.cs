using Amazon.Athena;
using Amazon.CloudWatchLogs;
using Amazon.DatabaseMigrationService;
using Amazon.Glue;
using Amazon.S3;
using Cdc.Harness.Comparison;
using Cdc.Harness.Pipelines.Configuration;
using Cdc.Harness.Pipelines.Loads;
using Cdc.Harness.Pipelines.State;
using Cdc.Harness.Terraform;

namespace Cdc.Harness.Pipelines;

/// <summary>An applied environment: its outputs, and clients for what its operators and its tests do with it.</summary>
public sealed class Deployment : IAsyncDisposable
{
    /// <summary>Name of the output that is the pipeline as one record.</summary>
    public const string PipelineOutputName = "pipeline";

    /// <summary>Name of the output that says where the source database is.</summary>
    public const string SourceOutputName = "source";

    private static readonly TimeSpan LoadPoll = TimeSpan.FromSeconds(1);

    private Deployment(PipelineOutput pipeline, SourceOutput sourceOutput, SourceDatabase source) =>
        (Pipeline, SourceOutput, Source) = (pipeline, sourceOutput, source);

    /// <summary>What the pipeline consists of: names, ARNs and tables.</summary>
    public PipelineOutput Pipeline { get; }

    /// <summary>Where the source is and which secrets open it.</summary>
    public SourceOutput SourceOutput { get; }

    /// <summary>The source itself, as its administrator sees it.</summary>
    public SourceDatabase Source { get; }

    /// <summary>Starts, stops and describes the replication task.</summary>
    public AmazonDatabaseMigrationServiceClient Dms { get; } = new();

    /// <summary>Starts and describes the job's runs.</summary>
    public AmazonGlueClient Glue { get; } = new();

    /// <summary>Athena as its API has it; <see cref="Athena"/> waits for results.</summary>
    public AmazonAthenaClient AthenaClient { get; } = new();

    /// <summary>Reads the lines that task, function and job wrote.</summary>
    public AmazonCloudWatchLogsClient Logs { get; } = new();

    /// <summary>Reads and writes the raw and the final bucket.</summary>
    public AmazonS3Client S3 { get; } = new();

    /// <summary>Queries over the pipeline's database, in its workgroup.</summary>
    public AthenaQuery Athena => new(AthenaClient, Pipeline.Database, Pipeline.Workgroup);

    /// <summary>The steps from an applied task to one that captures changes.</summary>
    public ReplicationStart Replication => new(Pipeline, Source, Dms);

    /// <summary>Opens the deployment that a root has, and connects to nothing yet but Secrets Manager.</summary>
    /// <param name="outputs">Outputs of a root that composes a pipeline; <c>pipeline</c> and <c>source</c> are read.</param>
    /// <param name="cancellationToken">Ends the wait for the source's password.</param>
    public static async Task<Deployment> OpenAsync(TerraformOutputs outputs, CancellationToken cancellationToken)
    {
        var pipeline = outputs.Read<PipelineOutput>(PipelineOutputName);
        var source = outputs.Read<SourceOutput>(SourceOutputName);
        return new Deployment(pipeline, source, await SourceDatabase.OpenAsync(source, cancellationToken));
    }

    /// <summary>The job's configuration, as it is deployed.</summary>
    public Task<JobConfiguration> ConfigurationAsync(CancellationToken cancellationToken) =>
        JobConfiguration.ReadAsync(Glue, S3, Pipeline.JobName, cancellationToken);

    /// <summary>The job's state, as far as it is written from outside the job.</summary>
    public async Task<StateFolder> StateAsync(CancellationToken cancellationToken)
    {
        var configuration = await ConfigurationAsync(cancellationToken);
        return new StateFolder(S3, configuration.FinalBucket, configuration.StatePrefix);
    }

    /// <summary>Records the columns of every table of the source, which the job cannot ask.</summary>
    public async Task RecordColumnsAsync(StateFolder state, CancellationToken cancellationToken)
    {
        foreach (var schema in await SourceSchemas.ReadAsync(Source, Pipeline.Tables, cancellationToken))
        {
            await state.RecordAsync(schema, cancellationToken);
        }
    }

    /// <summary>The loads of the pipeline's tables.</summary>
    /// <param name="state">Where each is recorded.</param>
    /// <param name="progress">Told what is seen of them.</param>
    public TableLoads Loads(StateFolder state, Action<IReadOnlyList<TableLoadState>> progress) => new(
        Pipeline.Tables, new DmsReplicationTask(Dms, Pipeline.TaskArn), state.RecordAsync, progress, LoadPoll, TimeProvider.System);

    /// <summary>A comparison of all tables with the source, as it is when it is asked.</summary>
    public async Task<PipelineComparison> ComparisonAsync(CancellationToken cancellationToken) =>
        new(Pipeline, await Expectation.ReadAsync(Source, Pipeline, cancellationToken), Athena);

    /// <summary>Closes the clients and the source's connections; what is deployed stays.</summary>
    public async ValueTask DisposeAsync()
    {
        Dms.Dispose();
        Glue.Dispose();
        AthenaClient.Dispose();
        Logs.Dispose();
        S3.Dispose();
        await Source.DisposeAsync();
    }
}
