using System.Text.Json;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Tasks;

namespace LocalAws.Replication.Commands;

/// <summary>Runs a task: the first line is its <see cref="TaskSpec"/>, later lines are commands.</summary>
internal static class TaskCommand
{
    private const int ParentIsGone = 3;

    public static async Task<int> RunAsync(TextReader input, Reporter reporter, TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        try
        {
            var spec = await Specification.ReadAsync<TaskSpec>(input);
            _ = Task.Run(() => ReadCommandsAsync(input, reporter, stop));
            var reason = await new TaskPreparation(spec, reporter, time).RunAsync(stop.Token);
            reporter.Info(LogComponents.TaskManager, $"Task stopped: {reason}.");
            reporter.Send(new StoppedMessage(reason));
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before it ran.
            reporter.Send(new StoppedMessage(StopReasons.Normal));
            return 0;
        }
        catch (Exception error)
        {
            reporter.Error(LogComponents.TaskManager, error is ReplicationException ? error.Message : error.ToString());
            reporter.Send(new FailedMessage(error.Message, StopReasons.Fatal));
            return 1;
        }
    }

    private static async Task ReadCommandsAsync(TextReader input, Reporter reporter, CancellationTokenSource stop)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            if (IsStop(line))
            {
                await stop.CancelAsync();
            }
            else
            {
                reporter.Warning(LogComponents.TaskManager, "A command was not understood; the only one is {\"command\":\"stop\"}.");
            }
        }

        // Nobody is left to tell anything to, and nothing is lost: the log is kept from the last confirmed position on.
        Environment.Exit(ParentIsGone);
    }

    private static bool IsStop(string line)
    {
        try
        {
            using var command = JsonDocument.Parse(line);
            return command.RootElement.ValueKind == JsonValueKind.Object
                && command.RootElement.TryGetProperty("command", out var name) && name.ToString() == "stop";
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
