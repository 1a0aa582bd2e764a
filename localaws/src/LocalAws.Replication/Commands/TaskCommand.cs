using System.Text.Json;
using System.Threading.Channels;
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
            var reloads = Channel.CreateUnbounded<IReadOnlyList<NamedTable>>();
            _ = Task.Run(() => ReadCommandsAsync(input, reloads.Writer, reporter, stop));
            var reason = await new TaskPreparation(spec, reloads.Reader, reporter, time).RunAsync(stop.Token);
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

    private static async Task ReadCommandsAsync(
        TextReader input, ChannelWriter<IReadOnlyList<NamedTable>> reloads, Reporter reporter, CancellationTokenSource stop)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            switch (Command(line))
            {
                case { Command: ReplicatorCommand.Stop }:
                    await stop.CancelAsync();
                    break;
                case { Command: ReplicatorCommand.Reload } reload:
                    reloads.TryWrite(reload.Tables);
                    break;
                default:
                    reporter.Warning(
                        LogComponents.TaskManager,
                        "A command was not understood; there are {\"command\":\"stop\"} and "
                        + "{\"command\":\"reload\",\"tables\":[{\"schema\":\"…\",\"table\":\"…\"}]}.");
                    break;
            }
        }

        // Nobody is left to tell anything to, and nothing is lost: the log is kept from the last confirmed position on.
        Environment.Exit(ParentIsGone);
    }

    /// <returns>Null for a line that is none.</returns>
    private static ReplicatorCommand? Command(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ReplicatorCommand>(line, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
