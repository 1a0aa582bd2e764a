namespace Cdc.Harness.Pipelines;

/// <summary>The output <c>pipeline</c> of an environment: the pipeline as one record (modules/pipeline).</summary>
public sealed record PipelineOutput(
    string Name,
    string RawBucket,
    string RawPrefix,
    string FinalBucket,
    string Database,
    string Workgroup,
    string JobName,
    string JobLogGroup,
    string JobErrorLogGroup,
    string FunctionName,
    string FunctionLogGroup,
    string TaskArn,
    string TaskLogGroup,
    string InstanceArn,
    string SourceEndpointArn,
    string TargetEndpointArn,
    string ConnectionSecretArn,
    string? MaskSaltSecretArn,
    IReadOnlyList<ReplicatedTable> Tables,
    string? DeadLetterQueueArn = null,
    string? DeadLetterQueueUrl = null,
    string? FailedQueueUrl = null);
