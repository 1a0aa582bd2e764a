using System.Text.Json;

namespace LocalAws.Replication.State;

/// <summary>The checkpoint on the disk. A crash leaves the old one or the new one, never a part.</summary>
internal sealed class TaskStateFile(string path)
{
    private readonly string _next = path + ".next";

    public TaskState? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TaskState>(File.ReadAllBytes(path), ContractJson.Options);
        }
        catch (JsonException error)
        {
            throw new ReplicationException(
                $"The task's checkpoint {path} cannot be read ({error.Message}): start the task with reload-target.", error);
        }
    }

    /// <summary>Forgets the checkpoint; nothing happens when there is none.</summary>
    public void Delete() => File.Delete(path);

    public void Write(TaskState state)
    {
        using (var stream = new FileStream(_next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, state, ContractJson.Options);
            stream.Flush(flushToDisk: true);
        }

        File.Move(_next, path, overwrite: true);
    }
}
