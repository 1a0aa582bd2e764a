using Amazon.Glue.Model;

namespace Doorbell.Tests;

/// <summary>A job's runs in memory; counts what is asked of it.</summary>
internal sealed class FakeJobRuns : IJobRuns
{
    public List<JobRun> Runs { get; } = [];

    public int Started { get; private set; }

    public Exception? Refusal { get; init; }

    public Task<IReadOnlyList<JobRun>> LatestAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JobRun>>([.. Runs]);

    public Task<string> StartAsync(CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        Started++;
        Runs.Insert(0, Run("WAITING", byDoorbell: true));
        return Task.FromResult(Runs[0].Id);
    }

    public static JobRun Run(string state, bool byDoorbell) => new(
        "jr_" + Guid.NewGuid().ToString("N"), state, byDoorbell ? new Dictionary<string, string> { ["--doorbell"] = "true" } : [], null, null, null);
}
