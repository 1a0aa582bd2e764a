using System.Text.Json;

namespace LocalAws.Replication.Commands;

/// <summary>Reads the one line that a command takes.</summary>
internal static class Specification
{
    public static async Task<T> ReadAsync<T>(TextReader input)
    {
        var line = await input.ReadLineAsync() ?? throw new ReplicationException(
            "Standard input is empty: the first line must be the specification.");
        try
        {
            return JsonSerializer.Deserialize<T>(line, ContractJson.Options)!;
        }
        catch (JsonException error)
        {
            // The message names a path, never a value: the line holds passwords.
            throw new ReplicationException($"The specification is not valid at {error.Path}.");
        }
    }
}
