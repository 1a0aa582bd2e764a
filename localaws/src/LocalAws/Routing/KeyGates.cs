namespace LocalAws.Routing;

/// <summary>
/// Lets one request at a time through for each key. A fixed number of gates serves all keys: two keys may share one, which costs them a
/// wait and nothing else, and the memory does not grow with the keys.
/// </summary>
internal sealed class KeyGates
{
    private const int Count = 1024;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits until nobody else is at work for any of the keys; who disposes what it returns lets the next one through.</summary>
    public async Task<IDisposable> EnterAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        // Everybody enters in the same order, so that no two wait for each other.
        int[] wanted = [.. keys.Select(key => (int)((uint)StringComparer.Ordinal.GetHashCode(key) % Count)).Distinct().Order()];
        var passage = new Passage();
        try
        {
            foreach (var index in wanted)
            {
                await _gates[index].WaitAsync(cancellationToken);
                passage.Entered.Push(_gates[index]);
            }

            return passage;
        }
        catch
        {
            passage.Dispose();
            throw;
        }
    }

    /// <summary>The gates that one request has entered.</summary>
    private sealed class Passage : IDisposable
    {
        public Stack<SemaphoreSlim> Entered { get; } = new();

        public void Dispose()
        {
            while (Entered.TryPop(out var gate))
            {
                gate.Release();
            }
        }
    }
}
