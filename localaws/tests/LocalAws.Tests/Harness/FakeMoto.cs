using System.Collections.Concurrent;
using LocalAws.Hosting;
using LocalAws.Moto;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LocalAws.Tests.Harness;

/// <summary>A store in moto's place that keeps each body as the newest, and answers a write a while after it was stored.</summary>
internal sealed class FakeMoto : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FakeMoto(WebApplication server, ControlPlane address) => (_server, Address) = (server, address);

    /// <summary>How the gateway finds it.</summary>
    public ControlPlane Address { get; }

    /// <summary>The bodies in the order in which they were stored; each is its own ETag.</summary>
    public ConcurrentQueue<string> Stored { get; } = new();

    /// <param name="answerAfter">The answer to the n-th write, counted from 0, waits for this.</param>
    public static async Task<FakeMoto> StartAsync(Func<int, Task> answerAfter)
    {
        var port = Ports.Free();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
        var address = new ControlPlane();
        address.Answers(new Uri($"http://127.0.0.1:{port}"));
        var moto = new FakeMoto(builder.Build(), address);
        moto._server.MapPut("/{**path}", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            int index;
            lock (moto.Stored)
            {
                index = moto.Stored.Count;
                moto.Stored.Enqueue(body);
            }

            await answerAfter(index);
            http.Response.Headers.ETag = $"\"{body}\"";
        });
        await moto._server.StartAsync();
        return moto;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
