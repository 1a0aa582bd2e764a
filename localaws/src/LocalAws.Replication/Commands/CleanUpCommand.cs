using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Source;
using LocalAws.Replication.Tasks;
using Npgsql;

namespace LocalAws.Replication.Commands;

/// <summary>Drops what a deleted task leaves in its source: the slot, which would keep the log for ever, and the publications.</summary>
internal static class CleanUpCommand
{
    public static async Task<int> RunAsync(TextReader input, Reporter reporter)
    {
        try
        {
            var spec = await Specification.ReadAsync<TaskSpec>(input);
            await using var connection = new NpgsqlConnection(ConnectionStrings.Engine(spec.Source, spec.EngineConnection));
            await connection.OpenAsync();
            var slot = TaskSettingsSet.Parse(spec).SlotName(spec);
            await new ReplicationSlot(connection, slot).DropAsync(CancellationToken.None);
            await new Publications(connection, slot).DropAsync(CancellationToken.None);
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
