namespace LocalAws.Replication.Tests.Harness;

/// <summary>A reader of RFC 4180.</summary>
internal static class Csv
{
    public static IEnumerable<string[]> Parse(string text)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    field.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' or '\n' when !quoted:
                    fields.Add(field.ToString());
                    field.Clear();
                    if (text[i] == '\n')
                    {
                        yield return [.. fields];
                        fields.Clear();
                    }

                    break;
                default:
                    field.Append(text[i]);
                    break;
            }
        }
    }
}
