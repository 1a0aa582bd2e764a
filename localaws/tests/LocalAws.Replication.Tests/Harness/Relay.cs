using System.Net;
using System.Net.Sockets;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>A wire to a server that can be cut and mended, and that can hold back what is written to the server.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<TcpClient> _connections = [];
    private readonly Task _accepting;
    private bool _cut;
    private TaskCompletionSource? _held;
    private long _left = long.MaxValue;

    public Relay(Uri target)
    {
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync(target);
    }

    public Uri Endpoint { get; }

    public void Cut()
    {
        lock (_connections)
        {
            _cut = true;
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    public void Mend()
    {
        lock (_connections)
        {
            _cut = false;
        }
    }

    /// <summary>Is cut when so many more bytes have come from the server.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _left, bytes);

    /// <summary>Lets no PUT through until <see cref="PassWrites"/>.</summary>
    public void HoldWrites() => Volatile.Write(ref _held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void PassWrites() => Interlocked.Exchange(ref _held, null)?.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Cut();
        PassWrites();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync(Uri target)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var server = new TcpClient();
                await server.ConnectAsync(target.Host, target.Port, _end.Token);
                lock (_connections)
                {
                    _connections.AddRange([client, server]);
                    if (_cut)
                    {
                        client.Dispose();
                        server.Dispose();
                        continue;
                    }
                }

                _ = CopyAsync(client, server, counts: false);
                _ = CopyAsync(server, client, counts: true);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool counts)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.GetStream().ReadAsync(buffer) is var length and > 0)
            {
                if (buffer.AsSpan(0, length).StartsWith("PUT "u8) && Volatile.Read(ref _held) is { } held)
                {
                    await held.Task;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, length));
                if (counts && Interlocked.Read(ref _left) != long.MaxValue && Interlocked.Add(ref _left, -length) < 0)
                {
                    Interlocked.Exchange(ref _left, long.MaxValue);
                    Cut();
                }
            }

            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}
