namespace LocalAws.Services.Lambda;

/// <summary>
/// The execution environments of one function. It belongs to that function, not to its name: a function that is deleted and created
/// again has another pool, so that no environment of the old one answers for the new one.
/// </summary>
internal sealed class EnvironmentPool
{
    private readonly Lock _gate = new();
    private readonly Stack<ExecutionEnvironment> _idle = new();
    private readonly Dictionary<int, SemaphoreSlim> _slots = [];
    private bool _isClosed;

    /// <summary>Whether the function was deleted.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>The slots of a concurrency; another concurrency has others.</summary>
    public SemaphoreSlim Slots(int limit)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(limit, out var slots))
            {
                slots = _slots[limit] = new SemaphoreSlim(limit);
            }

            return slots;
        }
    }

    /// <summary>An idle environment; null when there is none.</summary>
    public ExecutionEnvironment? Take()
    {
        lock (_gate)
        {
            return _idle.TryPop(out var environment) ? environment : null;
        }
    }

    /// <summary>Keeps an environment for the next event.</summary>
    /// <returns>False when the function was deleted meanwhile: the environment is then the caller's to end.</returns>
    public bool Keep(ExecutionEnvironment environment)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _idle.Push(environment);
            }

            return !_isClosed;
        }
    }

    /// <summary>Closes the pool of a deleted function.</summary>
    /// <returns>The environments that were idle; those at work end when they are given back.</returns>
    public IReadOnlyList<ExecutionEnvironment> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            ExecutionEnvironment[] idle = [.. _idle];
            _idle.Clear();
            return idle;
        }
    }
}
