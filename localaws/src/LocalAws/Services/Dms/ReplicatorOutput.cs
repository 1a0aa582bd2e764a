using System.Text.Json;
using LocalAws.Replication;
using LocalAws.Replication.Messages;

namespace LocalAws.Services.Dms;

/// <summary>What the replicator's program writes to its standard output: a message a line.</summary>
internal static class ReplicatorOutput
{
    /// <summary>The message of a line; null when the line is none.</summary>
    public static ReplicatorMessage? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ReplicatorMessage>(line, ContractJson.Options);
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
