using System.Text.Json;
using LocalAws.Replication.Messages;

namespace LocalAws.Replication.Reporting;

/// <summary>Writes the messages to the parent, one JSON line each; from any thread.</summary>
internal sealed class Reporter(TextWriter output, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>The time of what is said now, UTC.</summary>
    public DateTime Now => time.GetUtcNow().UtcDateTime;

    public void Send(ReplicatorMessage message)
    {
        var line = JsonSerializer.Serialize(message, ContractJson.Options);
        lock (_lock)
        {
            output.Write(line);
            output.Write('\n');
            output.Flush();
        }
    }

    public void Info(string component, string message) => Log("I", component, message);

    public void Warning(string component, string message) => Log("W", component, message);

    public void Error(string component, string message) => Log("E", component, message);

    private void Log(string severity, string component, string message) =>
        Send(new LogMessage(Now, severity, component, message));
}
