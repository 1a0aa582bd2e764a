using System.Collections.Immutable;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Events;

/// <summary>The rules of all accounts and regions.</summary>
internal sealed class RuleRegistry
{
    private ImmutableDictionary<(AwsScope Scope, string Name), EventRule> _rules =
        ImmutableDictionary<(AwsScope Scope, string Name), EventRule>.Empty;

    /// <summary>Raised after every change.</summary>
    public event Action? Changed;

    /// <summary>Tags of rules.</summary>
    public TagStore Tags { get; } = new();

    /// <summary>All rules as they are now.</summary>
    public IEnumerable<EventRule> All => _rules.Values;

    /// <summary>A rule; null when there is none.</summary>
    public EventRule? Find(AwsScope scope, string name) => _rules.GetValueOrDefault((scope, name));

    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public EventRule Named(AwsScope scope, string name) => Find(scope, name) ?? throw new AwsException(
        "ResourceNotFoundException", $"Rule {name} does not exist on EventBus default.");

    /// <summary>Adds a rule or puts another in its place.</summary>
    public void Put(EventRule rule)
    {
        ImmutableInterlocked.AddOrUpdate(ref _rules, (rule.Scope, rule.Name), rule, (_, _) => rule);
        Changed?.Invoke();
    }

    /// <summary>Changes a rule; what somebody else changed meanwhile stays.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public void Change(AwsScope scope, string name, Func<EventRule, EventRule> change)
    {
        EventRule before;
        do
        {
            before = Named(scope, name);
        }
        while (!ImmutableInterlocked.TryUpdate(ref _rules, (scope, name), change(before), before));
        Changed?.Invoke();
    }

    /// <summary>Removes a rule, if it is there.</summary>
    public void Remove(EventRule rule)
    {
        ImmutableInterlocked.TryRemove(ref _rules, (rule.Scope, rule.Name), out _);
        Tags.Forget(rule.Arn);
        Changed?.Invoke();
    }
}
