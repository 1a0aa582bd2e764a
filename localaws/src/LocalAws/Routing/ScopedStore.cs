using System.Collections.Concurrent;

namespace LocalAws.Routing;

/// <summary>One <typeparamref name="TState"/> for each account and region.</summary>
internal sealed class ScopedStore<TState> where TState : new()
{
    private readonly ConcurrentDictionary<AwsScope, TState> _states = new();

    public TState this[AwsScope scope] => _states.GetOrAdd(scope, static _ => new TState());

    public IEnumerable<KeyValuePair<AwsScope, TState>> All => _states;
}
