using Amazon.DatabaseMigrationService.Model;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Loads;
using Microsoft.Extensions.Time.Testing;

namespace Cdc.Harness.Tests;

/// <summary>A task that says one thing after another, twenty seconds later each time; the last one for ever.</summary>
internal sealed class ScriptedTask(FakeTimeProvider clock, params TableStatistics[][] script) : IReplicationTask
{
    // Whoever still waits then would wait for ever.
    private const int MostLooks = 1000;

    private int _looks;

    public string Arn => "arn:task";

    /// <summary>The calls of ReloadTables, each by the names of its tables.</summary>
    public List<string[]> Calls { get; } = [];

    public Task<IReadOnlyList<TableStatistics>> StatisticsAsync(CancellationToken cancellationToken)
    {
        if (_looks > MostLooks)
        {
            throw new InvalidOperationException($"{MostLooks} looks were not enough for what is waited for.");
        }

        clock.Advance(TimeSpan.FromSeconds(20));
        return Task.FromResult<IReadOnlyList<TableStatistics>>(script[Math.Min(_looks++, script.Length - 1)]);
    }

    public Task ReloadAsync(IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken)
    {
        Calls.Add([.. tables.Select(table => table.Qualified)]);
        return Task.CompletedTask;
    }
}
