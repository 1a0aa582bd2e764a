using Amazon.Runtime;

namespace Doorbell;

/// <summary>
/// Tries a call again while its failure is one that time heals: throttling, a limit of concurrent runs, a time-out, a fault of the service.
/// Beside the SDK's own attempts, which know no limit of runs and give up after a few.
/// </summary>
/// <param name="clock">The clock that is waited by.</param>
/// <param name="jitter">Between 0 and 1: how much of the longest pause is waited, so that many that fail together do not come back
/// together.</param>
internal sealed class Retry(TimeProvider clock, Func<double> jitter)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private static readonly HashSet<string> Codes = new(StringComparer.Ordinal)
    {
        "ConcurrentRunsExceededException", "ThrottlingException", "Throttling", "TooManyRequestsException", "OperationTimeoutException",
        "InternalServiceException", "InternalFailure", "ServiceUnavailable", "ServiceUnavailableException",
    };

    /// <summary>Runs the call until it succeeds, fails for good, or the time is up; then the last failure is thrown.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            Exception last;
            try
            {
                return await call(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && IsPassing(failure))
            {
                last = failure;
            }

            var longest = TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(attempt, 10), LongestPause.Ticks));
            try
            {
                await Task.Delay(longest * jitter(), clock, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // What Glue said tells more than that the time was up.
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(last);
            }
        }
    }

    private static bool IsPassing(Exception failure) => failure switch
    {
        AmazonServiceException refused =>
            Codes.Contains(refused.ErrorCode ?? "") || (int)refused.StatusCode is 429 or >= 500 || refused.StatusCode == 0,
        HttpRequestException or TimeoutException or OperationCanceledException => true,
        // No credentials or no region: no time heals that.
        _ => false,
    };
}
