using System.Text;
using System.Text.RegularExpressions;

namespace LocalAws.Replication.Mapping;

/// <summary>
/// A name with the wildcards of table mappings: <c>%</c>, <c>_</c>, <c>[ab]</c>, <c>[a-d]</c>; <c>[_]</c> is an underscore. Case counts.
/// </summary>
public sealed class NamePattern
{
    private readonly Regex? _regex;

    /// <summary>Compiles the pattern.</summary>
    /// <param name="text">The pattern, as the rule has it.</param>
    /// <param name="wildcards">False: every character stands for itself, as in <c>explicit</c> rules.</param>
    public NamePattern(string text, bool wildcards = true)
    {
        Text = text;
        if (wildcards && text.AsSpan().IndexOfAny("%_[") >= 0)
        {
            _regex = new Regex(ToRegex(text), RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>Whether only one name matches. An underscore in an ordinary name is a wildcard and yet meant as that name.</summary>
    public bool NamesOne => _regex is null || Text.AsSpan().IndexOfAny("%[") < 0;

    /// <summary>Whether the name matches.</summary>
    public bool Matches(string name) => _regex?.IsMatch(name) ?? string.Equals(Text, name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static string ToRegex(string text)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < text.Length; i++)
        {
            var close = text[i] == '[' ? text.IndexOf(']', i + 2 <= text.Length ? i + 1 : i) : -1;
            if (close > i + 1)
            {
                regex.Append('[').Append(
                    text[(i + 1)..close].Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("^", "\\^", StringComparison.Ordinal)).Append(']');
                i = close;
                continue;
            }

            regex.Append(text[i] switch
            {
                '%' => ".*",
                '_' => ".",
                var other => Regex.Escape(other.ToString()),
            });
        }

        return regex.Append('$').ToString();
    }
}
