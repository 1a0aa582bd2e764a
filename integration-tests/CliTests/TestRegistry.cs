using System.Net;
using LocalAws.Hosting;

namespace Cdc.Cli.Tests;

/// <summary>An npm registry on 127.0.0.1 that has what it is given, and answers 404 to all else.</summary>
internal sealed class TestRegistry : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public TestRegistry()
    {
        Port = Ports.Free();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    /// <summary>With a path, as registries behind a repository manager have.</summary>
    public string Address => $"http://127.0.0.1:{Port}/npm/all";

    public List<string> Asked { get; } = [];

    public void Add(string path, byte[] content) => _files[$"/npm/all/{path}"] = content;

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var path = context.Request.Url!.AbsolutePath;
            lock (Asked)
            {
                Asked.Add(path);
            }

            using var response = context.Response;
            if (_files.TryGetValue(path, out var content))
            {
                await response.OutputStream.WriteAsync(content);
            }
            else
            {
                response.StatusCode = 404;
            }
        }
    }
}
