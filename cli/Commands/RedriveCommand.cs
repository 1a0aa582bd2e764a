using System.CommandLine;
using Amazon.SQS;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Waiting;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Moves dead letters of the doorbell back into the queue that feeds it, and waits until they are handled.</summary>
internal static class RedriveCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static Command Create() =>
        new EnvironmentCommand("redrive", "Move dead letters of the doorbell back, and wait until they are handled.", RunAsync);

    private static async Task<int> RunAsync(TargetedEnvironment environment, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
        if (deployment.Pipeline is not
            { DeadLetterQueueArn: { } arn, DeadLetterQueueUrl: { } dead, FailedQueueUrl: { } failed })
        {
            throw new UsageException("The applied pipeline has no dead-letter queue: apply this version of it first.");
        }

        using var queues = new AmazonSQSClient();
        if (await queues.MessagesAsync(dead, cancellationToken) == 0)
        {
            AnsiConsole.WriteLine("There are no dead letters.");
            return 0;
        }

        await queues.StartMessageMoveTaskAsync(arn, cancellationToken);
        var moved = await Eventually.BecomesAsync(
            "the dead letters are moved",
            token => queues.LatestMessageMoveTaskAsync(arn, token),
            seen => !seen.IsRunning,
            Limit,
            cancellationToken);
        if (moved.FailureReason is { } reason)
        {
            throw new PipelineException($"Moving the dead letters stopped after {moved.Moved}: {reason}");
        }

        AnsiConsole.WriteLine($"{moved.Moved} dead letters moved back.");
        await Eventually.BecomesAsync(
            "the function has handled them", token => queues.MessagesAsync(failed, token), left => left == 0, Limit, cancellationToken);
        if (await queues.MessagesAsync(dead, cancellationToken) is > 0 and var again)
        {
            AnsiConsole.WriteLine($"{again} of them failed again; the function's log says why (make logs).");
            return 1;
        }

        await Convergence.IdleAsync(deployment, Limit, cancellationToken);
        AnsiConsole.WriteLine("All are handled, and the job is idle.");
        return 0;
    }
}
