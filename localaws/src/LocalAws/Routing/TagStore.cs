using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace LocalAws.Routing;

/// <summary>The tags of a service's resources, by ARN. A resource has an entry from its creation on, even without tags.</summary>
internal sealed class TagStore
{
    private readonly ConcurrentDictionary<string, ImmutableSortedDictionary<string, string>> _tags = new(StringComparer.Ordinal);

    /// <summary>The tags of a resource; null when there is no such resource.</summary>
    public IReadOnlyDictionary<string, string>? Find(string arn) => _tags.GetValueOrDefault(arn);

    /// <summary>Starts a resource with these tags.</summary>
    public void Create(string arn, IEnumerable<KeyValuePair<string, string>> tags) =>
        _tags[arn] = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).SetItems(tags);

    /// <summary>Forgets a resource that is gone.</summary>
    public void Forget(string arn) => _tags.TryRemove(arn, out _);

    /// <returns>False when there is no such resource.</returns>
    public bool Add(string arn, IReadOnlyCollection<KeyValuePair<string, string>> tags) => Change(arn, before => before.SetItems(tags));

    /// <returns>False when there is no such resource.</returns>
    public bool Remove(string arn, IReadOnlyCollection<string> names) => Change(arn, before => before.RemoveRange(names));

    private bool Change(string arn, Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change)
    {
        while (_tags.TryGetValue(arn, out var before))
        {
            if (_tags.TryUpdate(arn, change(before), before))
            {
                return true;
            }
        }

        return false;
    }
}
