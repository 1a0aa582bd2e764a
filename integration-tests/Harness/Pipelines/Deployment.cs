using Amazon.Athena;
using Amazon.CloudWatchLogs;
using Amazon.DatabaseMigrationService;
using Amazon.Glue;
using Amazon.S3;
using Cdc.Harness.Comparison;
using Cdc.Harness.Pipelines.Configuration;
using Cdc.Harness.Terraform;

namespace Cdc.Harness.Pipelines;

/// <summary>An applied environment: its outputs, and clients for what its operators and its tests do with it.</summary>
public sealed class Deployment : IAsyncDisposable
{
    /// <summary>Name of the output that is the pipeline as one record.</summary>
    public const string PipelineOutputName = "pipeline";

    /// <summary>Name of the output that says where the source database is.</summary>
    public const string SourceOutputName = "source";

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
