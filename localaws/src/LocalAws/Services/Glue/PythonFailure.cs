using System.Text.RegularExpressions;

namespace LocalAws.Services.Glue;

/// <summary>Finds what a failed script said: the last exception of its traceback, as Glue's ErrorMessage shows it.</summary>
internal static partial class PythonFailure
{
    /// <summary>The line if it names an exception, else null; the last such line is what the script said.</summary>
    public static string? Find(string errorLine) => Exception().IsMatch(errorLine) ? errorLine : null;

    [GeneratedRegex(@"^([A-Za-z_][\w.]*\.)?[A-Za-z_]\w*(Error|Exception|Exit|Interrupt|Failure|Failed)\b(: |$)")]
    private static partial Regex Exception();
}
