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

    public PipelineOutput Pipeline { get; }

    public SourceOutput SourceOutput { get; }

    public SourceDatabase Source { get; }

    public AmazonDatabaseMigrationServiceClient Dms { get; } = new();

    public AmazonGlueClient Glue { get; } = new();

    public AmazonAthenaClient AthenaClient { get; } = new();

    public AmazonCloudWatchLogsClient Logs { get; } = new();

    public AmazonS3Client S3 { get; } = new();

    public AthenaQuery Athena => new(AthenaClient, Pipeline.Database, Pipeline.Workgroup);

    public ReplicationStart Replication => new(Pipeline, Source, Dms);

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

    public async Task<PipelineComparison> ComparisonAsync(CancellationToken cancellationToken) =>
        new(Pipeline, await Expectation.ReadAsync(Source, Pipeline, cancellationToken), Athena);

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
