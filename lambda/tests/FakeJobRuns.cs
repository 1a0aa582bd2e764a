using Amazon.Glue.Model;

namespace Doorbell.Tests;

/// <summary>A job's runs in memory, and the files that they apply; counts what is asked of it.</summary>
internal sealed class FakeJobRuns : IJobRuns
{
    public List<JobRun> Runs { get; } = [];

    public int Looked { get; private set; }

    public int Started { get; private set; }

    /// <summary>What the next calls are refused with, one each.</summary>
    public Queue<Exception> Refusals { get; } = new();

    /// <summary>Ticks that a run takes to start, after which it lists; and then to its end.</summary>
    public (int Start, int Work) Ticks { get; init; } = (int.MaxValue, int.MaxValue);

    /// <summary>Files in the raw bucket that no run has applied.</summary>
    public HashSet<string> Pending { get; } = [];

    /// <summary>Ticks that the run which works now has had.</summary>
    private int _age;

    public Task<IReadOnlyList<JobRun>> LatestAsync(CancellationToken cancellationToken)
    {
        Looked++;
        Refuse();
        return Task.FromResult<IReadOnlyList<JobRun>>([.. Runs]);
    }

    public Task<string> StartAsync(CancellationToken cancellationToken)
    {
        Refuse();
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
            if (state == "RUNNING" && Runs[working].JobRunState != "RUNNING" && AppliesAll(Runs[working]))
            {
                Pending.Clear();
            }

            Runs[working] = Runs[working] with { JobRunState = state };
        }
    }

    /// <summary>The oldest unfinished run ends in this state without having listed.</summary>
    public JobRun End(string state)
    {
        var index = Runs.FindLastIndex(run => run.JobRunState is "WAITING" or "STARTING" or "RUNNING");
        Runs[index] = Runs[index] with { JobRunState = state };
        return Runs[index];
    }

    public static JobRun Run(string state, bool byDoorbell) =>
        Run(state, byDoorbell ? new Dictionary<string, string> { ["--doorbell"] = "true" } : []);

    public static JobRun Run(string state, IReadOnlyDictionary<string, string> arguments) =>
        new("jr_" + Guid.NewGuid().ToString("N"), state, arguments, null, null, null);

    private static bool AppliesAll(JobRun run) => run.Arguments.Count == 1 && run.Arguments.ContainsKey("--doorbell");

    private void Refuse()
    {
        if (Refusals.TryDequeue(out var refusal))
        {
            throw refusal;
        }
    }
}
