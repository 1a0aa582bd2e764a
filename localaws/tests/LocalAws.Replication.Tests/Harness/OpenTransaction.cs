using Npgsql;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>A transaction that has written and goes on; it is rolled back when it is disposed before it was committed.</summary>
internal sealed class OpenTransaction(NpgsqlConnection connection) : IAsyncDisposable
{
    public async Task CommitAsync()
    {
        await using var command = new NpgsqlCommand("COMMIT", connection);
        await command.ExecuteNonQueryAsync();
        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
