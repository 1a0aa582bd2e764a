using System.Text.RegularExpressions;

namespace LocalAws.Services.Glue;

/// <summary>Finds what a failed script said: the last exception of its traceback, as Glue's ErrorMessage shows it.</summary>
public static partial class PythonFailure
{
    public static string? Find(IEnumerable<string> errorLines)
    {
        string? found = null;
        foreach (var line in errorLines)
        {
            if (Exception().IsMatch(line))
            {
                found = line;
            }
        }

        return found;
    }

    [GeneratedRegex(@"^([A-Za-z_][\w.]*\.)?[A-Za-z_]\w*(Error|Exception|Exit|Interrupt|Failure|Failed)\b(: |$)")]
    private static partial Regex Exception();
}
