using System.Globalization;
using System.Text.RegularExpressions;
using LocalAws.Protocols;

namespace LocalAws.Services.Events;

/// <summary>A schedule of a rule.</summary>
/// <param name="Expression">As it was put.</param>
/// <param name="Period">From one time to the next.</param>
internal sealed partial record RuleSchedule(string Expression, TimeSpan Period)
{
    /// <summary>Reads <c>rate(5 minutes)</c>, as EventBridge spells it: one minute, two minutes.</summary>
    /// <exception cref="AwsException">It is no schedule, or a cron expression.</exception>
    public static RuleSchedule Parse(string expression)
    {
        if (expression.StartsWith("cron(", StringComparison.Ordinal))
        {
            throw AwsException.NotImplemented("events", "PutRule with a cron expression (rate(…) is)");
        }

        var match = Rate().Match(expression);
        var isNumber = int.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var unit = match.Groups["unit"].Value;
        var isPlural = match.Groups["plural"].Length > 0;
        return match.Success && isNumber && number > 0 && isPlural == number > 1
            ? new RuleSchedule(expression, unit switch
            {
                "minute" => TimeSpan.FromMinutes(number),
                "hour" => TimeSpan.FromHours(number),
                _ => TimeSpan.FromDays(number),
            })
            : throw new AwsException("ValidationException", "Parameter ScheduleExpression is not valid.");
    }

    [GeneratedRegex(@"^rate\((?<number>\d+) (?<unit>minute|hour|day)(?<plural>s?)\)$")]
    private static partial Regex Rate();
}
