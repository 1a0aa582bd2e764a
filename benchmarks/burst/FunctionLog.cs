using System.Text.Json;
using Amazon.CloudWatchLogs.Model;

namespace Cdc.Burst;

/// <summary>What the function's own log says of a burst.</summary>
/// <param name="Invocations">Decisions that it logged.</param>
/// <param name="GlueCalls">Calls of Glue's API that they took.</param>
/// <param name="Started">Runs that it started.</param>
internal sealed record FunctionLog(int Invocations, int GlueCalls, int Started)
{
    /// <summary>Counts the lines of decisions; all other lines are Lambda's.</summary>
    public static FunctionLog Read(IEnumerable<LogEvent> lines)
    {
        var found = new FunctionLog(0, 0, 0);
        foreach (var line in lines.Where(line => line.Message.StartsWith('{')))
        {
            using var document = JsonDocument.Parse(line.Message);
            if (document.RootElement.TryGetProperty("decision", out _))
            {
                found = new FunctionLog(
                    found.Invocations + 1,
                    found.GlueCalls + document.RootElement.GetProperty("glueCalls").GetInt32(),
                    found.Started + document.RootElement.GetProperty("RunsStarted").GetInt32());
            }
        }

        return found;
    }
}
