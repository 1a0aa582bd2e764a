using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using LocalAws.Hosting;
using LocalAws.Protocols;

namespace LocalAws.Services.Athena;

/// <summary>One process of the query engine and who waits for its answers; see athena_engine.py for their form.</summary>
internal sealed class EngineSession(ILogger logger)
{
    private readonly ConcurrentDictionary<string, Channel<JsonObject>> _waiting = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _writing = new();
    private ChildProcess? _process;
    private volatile bool _hasEnded;

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The query engine is not started.");

    /// <summary>Ends when the engine takes queries.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Whether the process has ended; it takes no query then.</summary>
    public bool HasEnded => _hasEnded || Process.HasExited;

    /// <summary>Takes the process over whose lines come to <see cref="OnLine"/>.</summary>
    public void Attach(ChildProcess process)
    {
        _process = process;
        _ = process.Completion.ContinueWith(_ =>
        {
            _hasEnded = true;
            foreach (var waiting in _waiting.Values)
            {
                waiting.Writer.TryComplete();
            }
        }, TaskScheduler.Default);
    }

    /// <summary>Sends a query; its answers come to what is returned, which ends when the process does.</summary>
    public ChannelReader<JsonObject> Ask(string id, string sql, string? database)
    {
        var answers = _waiting[id] = Channel.CreateUnbounded<JsonObject>();
        Send(new JsonObject { ["id"] = id, ["sql"] = sql, ["database"] = database });
        if (_hasEnded)
        {
            // It ended before anybody waited for this answer.
            answers.Writer.TryComplete();
        }

        return answers.Reader;
    }

    /// <summary>Nobody waits for this query's answers any more.</summary>
    /// <param name="id">The query's.</param>
    /// <param name="isOver">False for one that is still at work, which then holds up nobody.</param>
    public void Forget(string id, bool isOver)
    {
        _waiting.TryRemove(id, out _);
        if (!isOver)
        {
            Send(new JsonObject { ["cancel"] = id });
        }
    }

    /// <summary>A line that the engine wrote.</summary>
    public void OnLine(string line)
    {
        JsonObject? answer = null;
        try
        {
            answer = line.StartsWith('{') ? JsonNode.Parse(line) as JsonObject : null;
        }
        catch (JsonException)
        {
            // Logged below.
        }

        if (answer?.ContainsKey("ready") ?? false)
        {
            _ready.TrySetResult();
        }
        else if (answer?.Text("id") is not { } id)
        {
            logger.LogWarning("The query engine wrote: {Line}", line);
        }
        else if (_waiting.TryGetValue(id, out var waiting))
        {
            waiting.Writer.TryWrite(answer);
        }
    }

    private void Send(JsonObject message)
    {
        try
        {
            lock (_writing)
            {
                Process.Input.WriteLine(message.ToJsonString());
                Process.Input.Flush();
            }
        }
        catch (IOException)
        {
            // It is ending: whoever waits for an answer is told when it has.
        }
    }
}
