using System.Globalization;
using System.Text.Json;

namespace LocalAws.Replication.Settings;

/// <summary>
/// Reads the settings of an endpoint: members of the API's structure, overridden by extra connection attributes, whose names
/// differ by case only.
/// </summary>
internal sealed class SettingReader
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _structure;

    public SettingReader(string structure, JsonElement? settings, string? extraConnectionAttributes)
    {
        _structure = structure;
        if (settings is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
            {
                _values[member.Name] = member.Value.ToString();
            }
        }

        foreach (var attribute in (extraConnectionAttributes ?? "").Split(
            ';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = attribute.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new ReplicationException($"Extra connection attribute '{attribute}' is not of the form name=value.");
            }

            _values[attribute[..equals].Trim()] = attribute[(equals + 1)..].Trim();
        }
    }

    public string? Text(string name)
    {
        _asked.Add(name);
        return _values.TryGetValue(name, out var value) ? value : null;
    }

    public string Text(string name, string fallback) => Text(name) is { Length: > 0 } value ? value : fallback;

    public bool Flag(string name, bool fallback = false) => Text(name)?.ToUpperInvariant() switch
    {
        null or "" => fallback,
        "TRUE" or "Y" or "YES" or "1" => true,
        "FALSE" or "N" or "NO" or "0" => false,
        _ => throw Invalid(name, "true or false"),
    };

    public int Number(string name, int fallback, int least, int most = int.MaxValue)
    {
        if (Text(name) is not { Length: > 0 } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Invalid(name, $"a number from {least} to {most}");
    }

    /// <summary>
    /// One of the values, in whatever case and with - or _, in the spelling of <paramref name="values"/>, the first being the default.
    /// </summary>
    public string OneOf(string name, params ReadOnlySpan<string> values)
    {
        if (Text(name) is not { Length: > 0 } text)
        {
            return values[0];
        }

        foreach (var value in values)
        {
            if (string.Equals(value, text.Replace('_', '-'), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw Invalid(name, "one of " + string.Join(", ", values.ToArray()));
    }

    /// <summary>Refuses a setting that would change what is written and that this engine does not have.</summary>
    public void RefuseUnless(string name, bool isDefault, string remedy)
    {
        if (!isDefault)
        {
            throw new ReplicationException($"{_structure}.{name} = '{Text(name)}' is not supported by this engine: {remedy}");
        }
    }

    /// <summary>Refuses every setting that nobody asked for and that is not among those that are known to change nothing here.</summary>
    public void RefuseUnknown(IEnumerable<string> withoutEffect)
    {
        var known = _asked.Union(withoutEffect, StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (_values.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new ReplicationException(
                $"{_structure}.{unknown} is not a setting that this engine knows: correct its name or leave it out.");
        }
    }

    private ReplicationException Invalid(string name, string expected) =>
        new($"{_structure}.{name} = '{Text(name)}' is not valid: expected {expected}.");
}
