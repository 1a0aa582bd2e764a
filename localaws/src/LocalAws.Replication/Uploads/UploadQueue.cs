using LocalAws.Replication.Recovery;

namespace LocalAws.Replication.Uploads;

/// <summary>Uploads a table's files one after the other, in the order in which they were given, and several tables at a time.</summary>
internal sealed class UploadQueue(S3Bucket bucket, Retry retry, Action<Exception> fail, CancellationToken cancellationToken) : IDisposable
{
    private const int Parallel = 8;
    private const int Waiting = 256;

    private readonly SemaphoreSlim _running = new(Parallel);
    private int _count;

    /// <summary>Whether so many files wait that the log should not be read on.</summary>
    public bool IsFull => Volatile.Read(ref _count) >= Waiting;

    /// <summary>Uploads after <paramref name="previous"/>; then deletes the local file and calls <paramref name="done"/>.</summary>
    public Task Enqueue(Task previous, string path, string key, Action done)
    {
        Interlocked.Increment(ref _count);
        return Task.Run(() => UploadAsync(previous, path, key, done), CancellationToken.None);
    }

    public void Dispose() => _running.Dispose();

    private async Task UploadAsync(Task previous, string path, string key, Action done)
    {
        try
        {
            await previous;
            await _running.WaitAsync(cancellationToken);
            try
            {
                await retry.RunAsync(
                    $"The upload of {key}", S3Bucket.IsRecoverable, token => bucket.UploadAsync(path, key, token), cancellationToken);
            }
            finally
            {
                _running.Release();
            }

            done();
            File.Delete(path);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            fail(new ReplicationException($"The object {key} could not be written: {error.Message}", error));
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
