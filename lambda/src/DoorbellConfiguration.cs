namespace Doorbell;

/// <summary>What the function is told by its environment variables.</summary>
/// <param name="JobName">The Glue job that is rung.</param>
/// <param name="LogKeys">Whether the log may name keys: they may tell more of the data than a log is trusted with.</param>
/// <param name="MetricNamespace">The CloudWatch namespace of the function's metrics.</param>
internal sealed record DoorbellConfiguration(string JobName, bool LogKeys, string MetricNamespace)
{
    private const int LongestName = 255;

    /// <summary>Reads and checks the variables.</summary>
    /// <param name="variable">Looks a variable up.</param>
    /// <exception cref="InvalidOperationException">One is missing or wrong; the message names it.</exception>
    public static DoorbellConfiguration Read(Func<string, string?> variable) => new(
        Named(variable, "GLUE_JOB_NAME", null, "the name of the Glue job to start"),
        variable("LOG_KEYS") switch
        {
            null or "" or "false" => false,
            "true" => true,
            var other => throw new InvalidOperationException($"The environment variable LOG_KEYS is '{other}'; it must be true or false."),
        },
        Named(variable, "METRIC_NAMESPACE", "CdcPipeline", "a CloudWatch namespace that does not begin with AWS/"));

    private static string Named(Func<string, string?> variable, string name, string? otherwise, string meaning)
    {
        var value = variable(name) is { Length: > 0 } given ? given : otherwise;
        return value switch
        {
            null => throw new InvalidOperationException(
                $"The environment variable {name} is not set. Set it on the function to {meaning}."),
            { Length: > LongestName } => throw new InvalidOperationException(
                $"The environment variable {name} has {value.Length} characters; {meaning} has at most {LongestName}."),
            _ when value.StartsWith("AWS/", StringComparison.Ordinal) || value.Any(char.IsControl) || value.Trim() != value =>
                throw new InvalidOperationException($"The environment variable {name} is '{value}'; it must be {meaning}."),
            _ => value,
        };
    }
}
