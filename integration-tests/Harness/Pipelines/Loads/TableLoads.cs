using Cdc.Harness.Pipelines.State;

namespace Cdc.Harness.Pipelines.Loads;

/// <summary>
/// Has tables loaded by a running task, waits for the loads, and records each for the job: when it began, when it was complete, and how
/// many rows it had.
/// </summary>
/// <param name="tables">The tables of the configuration.</param>
/// <param name="task">The task.</param>
/// <param name="record">Records a load; called again with one that is recorded already.</param>
/// <param name="progress">Told what is seen, each time.</param>
/// <param name="poll">Time between two looks.</param>
/// <param name="time">The clock.</param>
public sealed class TableLoads(
    IReadOnlyList<ReplicatedTable> tables,
    IReplicationTask task,
    Func<LoadDocument, CancellationToken, Task> record,
    Action<IReadOnlyList<TableLoadState>> progress,
    TimeSpan poll,
    TimeProvider time)
{
    /// <summary>The most that one call of ReloadTables takes.</summary>
    public const int MostACall = 10;

    private static readonly TimeSpan NamingLimit = TimeSpan.FromMinutes(3);

    // Statistics lag behind a call, and a queue behind the task's start.
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, LoadDocument> _recorded = [];

    /// <summary>Has every table loaded that never was, and waits until no table is being loaded.</summary>
    /// <returns>The tables that it had loaded.</returns>
    /// <exception cref="PipelineException">A table failed; the others are loaded.</exception>
    public async Task<IReadOnlyList<ReplicatedTable>> CompleteAsync(CancellationToken cancellationToken)
    {
        var states = await NamedAsync(cancellationToken);
        var never = states.Where(state => state.Phase == LoadPhase.NeverLoaded).Select(state => state.Table).ToList();
        await AskAsync(never, cancellationToken);
        await WaitAsync(
            [.. states.Where(state => state.Phase != LoadPhase.Loaded).Select(state => new AwaitedLoad(state.Table, Before: null))],
            cancellationToken);
        return never;
    }

    /// <summary>Has tables loaded again, and waits until they are.</summary>
    /// <exception cref="PipelineException">A table failed; the others are loaded.</exception>
    public async Task ReloadAsync(IReadOnlyList<ReplicatedTable> reloaded, CancellationToken cancellationToken)
    {
        var names = reloaded.Select(table => table.Qualified).ToHashSet(StringComparer.Ordinal);
        var states = (await NamedAsync(cancellationToken)).Where(state => names.Contains(state.Table.Qualified)).ToList();
        var loading = states.Where(state => state.Phase == LoadPhase.Loading).Select(state => state.Table.Qualified).ToList();
        if (loading.Count > 0)
        {
            throw new PipelineException($"{string.Join(", ", loading)} is being loaded already: wait until that has ended.");
        }

        await AskAsync(reloaded, cancellationToken);
        await WaitAsync([.. states.Select(state => new AwaitedLoad(state.Table, state.Started))], cancellationToken);
    }

    private async Task AskAsync(IReadOnlyList<ReplicatedTable> asked, CancellationToken cancellationToken)
    {
        foreach (var call in asked.Chunk(MostACall))
        {
            await task.ReloadAsync(call, cancellationToken);
        }
    }

    /// <summary>Waits until the task names all tables: one that has just been started does not yet.</summary>
    private async Task<IReadOnlyList<TableLoadState>> NamedAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var states = await LookAsync(cancellationToken);
            var unknown = states.Where(state => state.Phase == LoadPhase.Unknown).Select(state => state.Table.Qualified).ToList();
            if (unknown.Count == 0)
            {
                return states;
            }

            if (time.GetElapsedTime(began) > NamingLimit)
            {
                throw new PipelineException(
                    $"The task does not have {string.Join(", ", unknown)}, which the configuration has: apply the environment, "
                    + "then start again.");
            }

            await Task.Delay(poll, time, cancellationToken);
        }
    }

    private async Task WaitAsync(IReadOnlyList<AwaitedLoad> awaited, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var idleSince = began;
        var stuckWereAsked = false;
        while (true)
        {
            var states = (await LookAsync(cancellationToken)).ToDictionary(state => state.Table.Qualified, StringComparer.Ordinal);
            var isOld = time.GetElapsedTime(began) > Lag;
            var failed = awaited.Where(load => load.HasFailed(states[load.Table.Qualified], isOld))
                .Select(load => load.Table.Qualified).ToList();
            if (awaited.All(load => failed.Contains(load.Table.Qualified) || load.IsDone(states[load.Table.Qualified])))
            {
                ThrowIfAny(failed);
                return;
            }

            if (states.Values.Any(state => state.Phase == LoadPhase.Loading))
            {
                idleSince = time.GetTimestamp();
            }
            else if (!stuckWereAsked && time.GetElapsedTime(idleSince) > Lag)
            {
                // Before its load, and no load is under way: it came with a change of the task, and nobody else loads it.
                stuckWereAsked = true;
                var stuck = states.Values.Where(state => state.Phase is LoadPhase.Queued or LoadPhase.NeverLoaded);
                await AskAsync([.. stuck.Select(state => state.Table)], cancellationToken);
            }

            await Task.Delay(poll, time, cancellationToken);
        }
    }

    private static void ThrowIfAny(List<string> failed)
    {
        if (failed.Count > 0)
        {
            throw new PipelineException(
                $"DMS could not load {string.Join(", ", failed)}: the task's log says why (`make logs`). Put it right, then "
                + $"`make reload TABLES={string.Join(',', failed)}`.");
        }
    }

    private async Task<IReadOnlyList<TableLoadState>> LookAsync(CancellationToken cancellationToken)
    {
        var statistics = (await task.StatisticsAsync(cancellationToken)).ToDictionary(table => (table.SchemaName, table.TableName));
        var states = tables.Select(table => TableLoadState.Of(table, statistics.GetValueOrDefault((table.Schema, table.Name)))).ToList();
        foreach (var load in states.Select(state => state.Document(task.Arn)).OfType<LoadDocument>())
        {
            await RecordAsync(load, cancellationToken);
        }

        progress(states);
        return states;
    }

    /// <summary>Records what is news.</summary>
    private async Task RecordAsync(LoadDocument load, CancellationToken cancellationToken)
    {
        if (_recorded.TryGetValue(load.Table, out var before) && !load.Replaces(before))
        {
            return;
        }

        await record(load, cancellationToken);
        _recorded[load.Table] = load;
    }
}
