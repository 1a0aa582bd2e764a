using System.Threading.Channels;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Recovery;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using Npgsql;

namespace LocalAws.Replication.Tasks;

/// <summary>Loads tables again while the task goes on; the other tables' changes are written meanwhile.</summary>
internal sealed class TableReloads(
    IReadOnlyList<CapturedTable> tables,
    FullLoad load,
    Checkpointer checkpointer,
    Retry retry,
    TableFaults faults,
    string engine,
    TaskSettings settings,
    Reporter reporter,
    TimeProvider time)
{
    /// <summary>Carries requests out, each beside the others, until it is cancelled.</summary>
    /// <param name="requests">Each the tables of one call.</param>
    /// <param name="fail">Told what is no single table's fault.</param>
    /// <param name="cancellationToken">Ends it, and the loads.</param>
    public async Task RunAsync(
        ChannelReader<IReadOnlyList<NamedTable>> requests, Action<Exception> fail, CancellationToken cancellationToken)
    {
        var underWay = new List<Task>();
        try
        {
            await foreach (var request in requests.ReadAllAsync(cancellationToken))
            {
                underWay.Add(GuardAsync(request, fail, cancellationToken));
            }
        }
        finally
        {
            await Task.WhenAll(underWay);
        }
    }

    private async Task GuardAsync(IReadOnlyList<NamedTable> request, Action<Exception> fail, CancellationToken cancellationToken)
    {
        try
        {
            await ReloadAsync([.. request.Select(Begin).OfType<CapturedTable>()], cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            fail(error);
        }
    }

    /// <summary>Holds the table's changes back and says so.</summary>
    /// <returns>Null for a table that cannot be loaded now.</returns>
    private CapturedTable? Begin(NamedTable name)
    {
        var table = tables.FirstOrDefault(
            table => table.Definition.Source.Schema == name.Schema && table.Definition.Source.Name == name.Table);
        if (table is null)
        {
            reporter.Error(
                LogComponents.TablesManager,
                $"Table {name.Schema}.{name.Table} is not captured, so it is not reloaded: stop the task and resume it first.");
            return null;
        }

        if (!table.Target.BeginReload())
        {
            reporter.Warning(LogComponents.TablesManager, $"Table {table.Display} is being loaded already.");
            return null;
        }

        table.Target.Statistics.SetState(TableStates.BeingReloaded, current => current with
        {
            FullLoadReloaded = true,
            FullLoadRows = 0,
            FullLoadErrorRows = 0,
            FullLoadStart = null,
            FullLoadEnd = null,
        });
        return table;
    }

    private async Task ReloadAsync(IReadOnlyList<CapturedTable> reloaded, CancellationToken cancellationToken)
    {
        if (reloaded.Count == 0)
        {
            return;
        }

        // Before a file is replaced: a crash in between is followed by another load.
        await checkpointer.WriteAsync(cancellationToken);
        try
        {
            await retry.RunAsync(
                "Waiting for open transactions", ConnectionLoss.IsRecoverable, WaitForOpenTransactionsAsync, cancellationToken);
        }
        catch (ReplicationException late)
        {
            foreach (var table in reloaded)
            {
                faults.Suspend(table, late.Message);
            }

            return;
        }

        await load.RunAsync(reloaded, cancellationToken);
    }

    /// <summary>
    /// The log has a commit before other sessions see it. A load that began in this moment would lack rows whose changes were written, or
    /// left out of a suspended table, before it: it begins when all of them are to be seen.
    /// </summary>
    private async Task WaitForOpenTransactionsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(engine);
        await connection.OpenAsync(cancellationToken);
        await new OpenTransactions(connection, settings, reporter, time).WaitAsync(cancellationToken);
    }
}
