using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using LocalAws.Hosting;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Glue;

namespace LocalAws.Services.Athena;

/// <summary>The warm Spark process that answers queries, one an account; it starts with the first query and again after it died.</summary>
internal sealed class AthenaEngine(GatewayOptions options, ChildProcesses processes, SparkDefaults defaults, ILogger<AthenaEngine> logger)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private sealed record Session(ChildProcess Process, ConcurrentDictionary<string, Channel<JsonObject>> Answers, TaskCompletionSource Ready);

    private readonly ConcurrentDictionary<AwsScope, Session> _sessions = new();
    private readonly SemaphoreSlim _starting = new(1);

    /// <summary>
    /// Sends one query and yields the engine's answers up to its end; see athena_engine.py for their form. Who stops listening before the
    /// end cancels the query, which would otherwise hold up the next ones.
    /// </summary>
    public async IAsyncEnumerable<JsonObject> AskAsync(
        AwsScope scope, string id, string sql, string? database, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = await SessionAsync(scope, cancellationToken);
        var answers = session.Answers[id] = Channel.CreateUnbounded<JsonObject>();
        var isOver = false;
        try
        {
            Send(session, new JsonObject { ["id"] = id, ["sql"] = sql, ["database"] = database });
            await foreach (var answer in answers.Reader.ReadAllAsync(cancellationToken))
            {
                isOver = answer.ContainsKey("done") || answer.ContainsKey("error");
                yield return answer;
                if (isOver)
                {
                    yield break;
                }
            }

            isOver = true;
            yield return new JsonObject { ["error"] = $"The query engine ended. Its last lines: {session.Process.LastLines()}", ["category"] = 1 };
        }
        finally
        {
            session.Answers.TryRemove(id, out _);
            if (!isOver && !session.Process.HasExited)
            {
                Send(session, new JsonObject { ["cancel"] = id });
            }
        }
    }

    private static void Send(Session session, JsonObject message)
    {
        lock (session)
        {
            session.Process.Input.WriteLine(message.ToJsonString());
            session.Process.Input.Flush();
        }
    }

    private async Task<Session> SessionAsync(AwsScope scope, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!_sessions.TryGetValue(scope, out var session) || session.Process.HasExited)
            {
                session = await StartAsync(scope);
                _sessions[scope] = session;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var first = await Task.WhenAny(session.Ready.Task, session.Process.Completion, Task.Delay(StartLimit, limit.Token));
            await limit.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (first != session.Ready.Task)
            {
                session.Process.Kill();
                throw new AwsException(
                    "InternalServerException",
                    $"The query engine did not start within {StartLimit.TotalSeconds:0} s. Its last lines: {session.Process.LastLines()}",
                    StatusCodes.Status500InternalServerError);
            }

            return session;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<Session> StartAsync(AwsScope scope)
    {
        var folder = Path.Combine(options.Home, "athena", scope.AccountId + "-" + scope.Region);
        Directory.CreateDirectory(folder);
        const string Catalog = "spark.sql.catalog.glue_catalog";
        var (environment, _) = await defaults.WriteAsync(scope, folder, new Dictionary<string, string>
        {
            ["--datalake-formats"] = "iceberg",
            ["--conf"] = string.Join(" --conf ",
                "spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
                $"{Catalog}=org.apache.iceberg.spark.SparkCatalog",
                $"{Catalog}.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
                $"{Catalog}.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
                // Athena sees a commit at once; Iceberg's catalog cache would hide it for 30 s.
                $"{Catalog}.cache-enabled=false",
                "spark.sql.defaultCatalog=glue_catalog",
                "spark.sql.shuffle.partitions=2"),
        }, writesArchive: false, CancellationToken.None);

        var answers = new ConcurrentDictionary<string, Channel<JsonObject>>(StringComparer.Ordinal);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = Path.Combine(AppContext.BaseDirectory, "Services", "Athena", "athena_engine.py");
        var process = processes.Start(new ChildProcessSpec("athena", options.Python, ["-u", script])
        {
            Environment = environment,
            WorkingDirectory = folder,
            RedirectInput = true,
            LogFile = Path.Combine(options.Home, "logs", "athena.log"),
            OnOutput = line => OnAnswer(line, answers, ready),
        });
        _ = process.Completion.ContinueWith(_ =>
        {
            foreach (var waiting in answers.Values)
            {
                waiting.Writer.TryComplete();
            }
        }, TaskScheduler.Default);
        return new Session(process, answers, ready);
    }

    private void OnAnswer(string line, ConcurrentDictionary<string, Channel<JsonObject>> answers, TaskCompletionSource ready)
    {
        if (!line.StartsWith('{') || JsonNode.Parse(line) is not JsonObject answer)
        {
            logger.LogWarning("The query engine wrote: {Line}", line);
            return;
        }

        if (answer.ContainsKey("ready"))
        {
            ready.TrySetResult();
        }
        else if (answers.TryGetValue(answer.Required("id"), out var waiting))
        {
            waiting.Writer.TryWrite(answer);
        }
    }
}
