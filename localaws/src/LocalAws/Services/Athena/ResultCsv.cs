using System.Text;

namespace LocalAws.Services.Athena;

/// <summary>A result as Athena writes it to S3: every field quoted, NULL an empty field without quotes, a header line.</summary>
internal static class ResultCsv
{
    public static byte[] Write(IEnumerable<string> header, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var text = new StringBuilder();
        Append(text, header);
        foreach (var row in rows)
        {
            Append(text, row);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, IEnumerable<string?> fields) =>
        text.AppendJoin(
            ',', fields.Select(field => field is null ? "" : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
}
