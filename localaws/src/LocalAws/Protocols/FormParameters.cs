using System.Net;
using System.Text;

namespace LocalAws.Protocols;

/// <summary>The parameters of a query-protocol request: <c>Name=value</c>, lists as <c>List.member.1</c> or <c>List.Item.1</c>.</summary>
internal sealed class FormParameters
{
    private readonly Dictionary<string, string> _values;

    private FormParameters(Dictionary<string, string> values) => _values = values;

    public static FormParameters Parse(ReadOnlySpan<byte> body)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            values[WebUtility.UrlDecode(name)] = equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..]);
        }

        return new FormParameters(values);
    }

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <exception cref="AwsException">The parameter is missing.</exception>
    public string Required(string name) =>
        this[name] ?? throw new AwsException("MissingParameter", $"The request must contain the parameter {name}.");

    public bool? Boolean(string name) => this[name] is { } text ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) : null;

    public int? Integer(string name) => this[name] is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>The values of a list, whatever the list's member name is.</summary>
    public IReadOnlyList<string> List(string name) =>
        [.. Indexes(name).Select(item => _values[item])];

    /// <summary>
    /// The entries of a list of structures, e.g. <c>Tags.Tag.1.Key</c> and <c>Tags.Tag.1.Value</c>; nested ones in EC2's form of lists,
    /// which has no member name: <c>IpPermissions.1.FromPort</c>.
    /// </summary>
    public IReadOnlyList<FormParameters> Structures(string name, bool nested = false)
    {
        var at = nested ? 1 : 2;
        var groups = new SortedDictionary<int, Dictionary<string, string>>();
        foreach (var (key, value) in _values)
        {
            var parts = key.Split('.');
            if (parts.Length >= at + 2 && parts[0] == name && int.TryParse(parts[at], out var index))
            {
                groups.TryAdd(index, []);
                groups[index][string.Join('.', parts[(at + 1)..])] = value;
            }
        }

        return [.. groups.Values.Select(values => new FormParameters(values))];
    }

    /// <summary>Tags of a query-protocol request.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Tags() =>
        [.. Structures("Tags").Select(tag => KeyValuePair.Create(tag.Required("Key"), tag["Value"] ?? ""))];

    private IEnumerable<string> Indexes(string name) =>
        _values.Keys
            .Select(key => (key, parts: key.Split('.')))
            .Where(item => item.parts.Length == 3 && item.parts[0] == name && int.TryParse(item.parts[2], out _))
            .OrderBy(item => int.Parse(item.parts[2], System.Globalization.CultureInfo.InvariantCulture))
            .Select(item => item.key);
}
