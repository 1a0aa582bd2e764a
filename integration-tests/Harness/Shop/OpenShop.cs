using Cdc.Harness.Changes;

namespace Cdc.Harness.Shop;

/// <summary>
/// A shop that opens when the task captures its changes, and is written to until it closes: a full load that nobody writes beside shows
/// little.
/// </summary>
public sealed class OpenShop : IAsyncDisposable
{
    private readonly CancellationTokenSource _closed;
    private readonly Task<int> _writing;

    /// <summary>Begins to wait for the task, and writes from then on without being asked again.</summary>
    public OpenShop(ShopDatabase shop, ChangeOracle oracle, CancellationToken cancellationToken)
    {
        _closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _writing = WriteAsync(shop, oracle, _closed.Token);
    }

    /// <summary>Waits for the transaction that is being written.</summary>
    /// <returns>Number of transactions.</returns>
    public async Task<int> CloseAsync()
    {
        await _closed.CancelAsync();
        return await _writing;
    }

    /// <summary>Closes the shop and passes over a failure of the writing, which <see cref="CloseAsync"/> reports.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        // Whoever wants to know how the writing went has closed the shop.
        await ((Task)_writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closed.Dispose();
    }

    private static async Task<int> WriteAsync(ShopDatabase shop, ChangeOracle oracle, CancellationToken closed)
    {
        try
        {
            await oracle.TaskCapturesAsync(closed);
        }
        catch (OperationCanceledException)
        {
            // Closed before it opened.
            return 0;
        }

        return await shop.WriteUntilAsync(closed);
    }
}
