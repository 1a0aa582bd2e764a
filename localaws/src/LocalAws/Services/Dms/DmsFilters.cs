using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Dms;

/// <summary>Filters of the Describe operations. One that matches nothing is an error in DMS; no filter at all is an empty list.</summary>
internal static class DmsFilters
{
    /// <param name="input">The request.</param>
    /// <param name="resources">All that there are.</param>
    /// <param name="values">How to read each filter's value from a resource, by filter name.</param>
    /// <param name="notFound">The message when a filter matches nothing.</param>
    /// <exception cref="AwsException">ResourceNotFoundFault, or an unknown filter name.</exception>
    public static List<T> Apply<T>(
        JsonObject input, IEnumerable<T> resources, IReadOnlyDictionary<string, Func<T, string?>> values, string notFound)
    {
        var found = resources;
        var filtered = false;
        foreach (var filter in (input["Filters"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var name = filter.Required("Name");
            var read = values.GetValueOrDefault(name) ?? throw new AwsException(
                "InvalidParameterValueException", $"The filter {name} is not supported here; these are: {string.Join(", ", values.Keys)}.");
            var wanted = filter.Strings("Values");
            found = found.Where(
                resource => read(resource) is { } value && wanted.Contains(value, StringComparer.OrdinalIgnoreCase)).ToList();
            filtered = true;
        }

        var list = found.ToList();
        return filtered && list.Count == 0 ? throw new AwsException("ResourceNotFoundFault", notFound) : list;
    }
}
