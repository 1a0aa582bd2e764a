using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using LocalAws.Replication.Tasks;
using Npgsql;

namespace LocalAws.Replication.Commands;

/// <summary>
/// Drops what a deleted task leaves in its source: its slot, which would keep the log for ever. One that it was given stays.
/// </summary>
internal static class CleanUpCommand
{
    public static async Task<int> RunAsync(TextReader input, Reporter reporter, TimeProvider time)
    {
        try
        {
            var spec = await Specification.ReadAsync<TaskSpec>(input);
            await using var connection = new NpgsqlConnection(ConnectionStrings.Engine(spec.Source, spec.EngineConnection));
            await connection.OpenAsync();
            if (new TaskStateFile(spec.StateFile).Read() is not { SlotIsOurs: false })
            {
                await new ReplicationSlot(connection, TaskConfiguration.Parse(spec).SlotName(spec), time).DropAsync(CancellationToken.None);
            }

            reporter.Send(new StoppedMessage(StopReasons.Normal));
            return 0;
        }
        catch (Exception error) when (error is ReplicationException or NpgsqlException)
        {
            reporter.Send(new FailedMessage(error.Message, StopReasons.Fatal));
            return 1;
        }
    }
}
