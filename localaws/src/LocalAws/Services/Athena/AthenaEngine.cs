using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using LocalAws.Hosting;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Glue;

namespace LocalAws.Services.Athena;

/// <summary>The warm Spark process that answers queries, one an account; it starts with the first query and again after it died.</summary>
internal sealed class AthenaEngine(
    GatewayOptions options, ChildProcesses processes, SparkDefaults defaults, TimeProvider clock, ILogger<AthenaEngine> logger)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<AwsScope, EngineSession> _sessions = new();
    private readonly SemaphoreSlim _starting = new(1);

    /// <summary>
    /// Sends one query and yields the engine's answers up to its end; see athena_engine.py for their form. Who stops listening before the
    /// end cancels the query, which would otherwise hold up the next ones.
    /// </summary>
    public async IAsyncEnumerable<JsonObject> AskAsync(
        AwsScope scope, string id, string sql, string? database, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = await SessionAsync(scope, cancellationToken);
        var answers = session.Ask(id, sql, database);
        var isOver = false;
        try
        {
            await foreach (var answer in answers.ReadAllAsync(cancellationToken))
            {
                isOver = answer.ContainsKey("done") || answer.ContainsKey("error");
                yield return answer;
                if (isOver)
                {
                    yield break;
                }
            }

            isOver = true;
            yield return new JsonObject
            {
                ["error"] = $"The query engine ended. Its last lines: {session.Process.LastLines()}",
                ["category"] = 1,
            };
        }
        finally
        {
            session.Forget(id, isOver);
        }
    }

    private async Task<EngineSession> SessionAsync(AwsScope scope, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!_sessions.TryGetValue(scope, out var session) || session.HasEnded)
            {
                session = await StartAsync(scope, cancellationToken);
                _sessions[scope] = session;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var first = await Task.WhenAny(session.Ready, session.Process.Completion, Task.Delay(StartLimit, clock, limit.Token));
            await limit.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (first != session.Ready)
            {
                session.Process.Kill();
                throw new AwsException(
                    "InternalServerException",
                    (session.HasEnded
                        ? "The query engine ended while it started."
                        : $"The query engine did not start within {StartLimit.TotalSeconds:0} s.")
                    + $" Its last lines: {session.Process.LastLines()}",
                    StatusCodes.Status500InternalServerError);
            }

            return session;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<EngineSession> StartAsync(AwsScope scope, CancellationToken cancellationToken)
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
        }, writesArchive: false, cancellationToken);

        var session = new EngineSession(logger);
        var script = Path.Combine(AppContext.BaseDirectory, "Services", "Athena", "athena_engine.py");
        session.Attach(processes.Start(new ChildProcessSpec("athena", options.Python, ["-u", script])
        {
            Environment = environment,
            WorkingDirectory = folder,
            RedirectInput = true,
            LogFile = Path.Combine(options.Home, "logs", "athena.log"),
            OnOutput = session.OnLine,
        }));
        return session;
    }
}
