namespace LocalAws.Replication.Mapping;

/// <summary>Actions that change a name.</summary>
internal static class NameActions
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.Ordinal)
    {
        "rename", "convert-lowercase", "convert-uppercase", "add-prefix", "add-suffix",
        "remove-prefix", "remove-suffix", "replace-prefix", "replace-suffix",
    };

    public static bool NeedsValue(string action) => action is not ("convert-lowercase" or "convert-uppercase");

    public static string Apply(TransformationRule rule, string name)
    {
        var value = rule.Value ?? "";
        var old = rule.Action.StartsWith("replace", StringComparison.Ordinal) ? rule.OldValue ?? "" : value;
        return rule.Action switch
        {
            "rename" => value,
            "convert-lowercase" => name.ToLowerInvariant(),
            "convert-uppercase" => name.ToUpperInvariant(),
            "add-prefix" => value + name,
            "add-suffix" => name + value,
            "remove-prefix" when name.StartsWith(old, StringComparison.Ordinal) => name[old.Length..],
            "remove-suffix" when name.EndsWith(old, StringComparison.Ordinal) => name[..^old.Length],
            "replace-prefix" when name.StartsWith(old, StringComparison.Ordinal) => value + name[old.Length..],
            "replace-suffix" when name.EndsWith(old, StringComparison.Ordinal) => name[..^old.Length] + value,
            _ => name,
        };
    }
}
