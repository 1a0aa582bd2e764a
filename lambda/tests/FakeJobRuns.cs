using Amazon.Glue.Model;

namespace Doorbell.Tests;

/// <summary>A job's runs in memory; counts what is asked of it.</summary>
internal sealed class FakeJobRuns : IJobRuns
{
    public List<JobRun> Runs { get; } = [];

    public int Started { get; private set; }

    public Exception? Refusal { get; init; }

    /// <summary>Ticks that a run takes to start, after which it lists; and then to its end.</summary>
    public (int Start, int Work) Ticks { get; init; } = (int.MaxValue, int.MaxValue);

    /// <summary>Ticks that the run which works now has had.</summary>
    private int _age;

    public Task<IReadOnlyList<JobRun>> LatestAsync(
        CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JobRun>>([.. Runs]);

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

    /// <summary>Time goes on: one run works at a time, the others wait in Glue's queue.</summary>
    public void Tick()
    {
        var working = Runs.FindIndex(run => run.JobRunState is "STARTING" or "RUNNING");
        if (working < 0)
        {
            working = Runs.FindLastIndex(run => run.JobRunState == "WAITING");
            _age = 0;
        }

        if (working >= 0)
        {
            _age++;
            var state = _age <= Ticks.Start ? "STARTING" : _age <= Ticks.Start + Ticks.Work ? "RUNNING" : "SUCCEEDED";
            Runs[working] = Runs[working] with { JobRunState = state };
        }
    }

    public static JobRun Run(string state, bool byDoorbell) => new(
        "jr_" + Guid.NewGuid().ToString("N"), state, byDoorbell ? new Dictionary<string, string> { ["--doorbell"] = "true" } : [], null,
        null, null);
}
