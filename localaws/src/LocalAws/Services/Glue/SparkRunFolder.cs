using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>
/// Prepares the folder of a run as Glue prepares its machine: the script and the extra packages from S3, the Spark configuration of the
/// job's <c>--conf</c>, and, added here so that the job knows nothing of it, where this AWS is.
/// </summary>
internal sealed class SparkRunFolder(GatewayOptions options, MotoClient moto, SparkDefaults defaults, TimeProvider clock)
{
    private const int RemovalAttempts = 20;
    private static readonly TimeSpan RemovalPause = TimeSpan.FromSeconds(1);

    /// <exception cref="AwsException">The script or a package is not in S3; the message names it.</exception>
    public async Task<SparkRun> PrepareAsync(GlueJobRun run, CancellationToken cancellationToken)
    {
        var job = run.Job;
        var folder = Path.Combine(options.Home, "glue", run.Id[..19]);
        Directory.CreateDirectory(folder);
        try
        {
            return await PrepareAsync(run, job, folder, cancellationToken);
        }
        catch
        {
            // No process is started in it.
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Keeps what a run made for the next ones, if it came to its end, and removes its folder.</summary>
    public async Task FinishAsync(SparkRun run, bool cameToItsEnd)
    {
        if (cameToItsEnd)
        {
            _ = run.Archive?.PublishAsync(clock);
        }
        else
        {
            run.Archive?.Discard();
        }

        for (var attempt = 1; attempt <= RemovalAttempts && Directory.Exists(run.Folder); attempt++)
        {
            try
            {
                Directory.Delete(run.Folder, recursive: true);
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                // The Java process outlives the Python process that the run is. What cannot be removed now goes when the stack stops.
                await Task.Delay(RemovalPause, clock);
            }
        }
    }

    private async Task<SparkRun> PrepareAsync(GlueJobRun run, GlueJob job, string folder, CancellationToken cancellationToken)
    {
        var arguments = Merge(job, run);
        var script = await DownloadAsync(
            job.Scope, job.Definition["Command"]?["ScriptLocation"]?.GetValue<string>() ?? "", folder, cancellationToken);
        var packages = new List<string>();
        foreach (var location in Split(arguments.GetValueOrDefault("--extra-py-files")))
        {
            packages.Add(await DownloadAsync(job.Scope, location, folder, cancellationToken));
        }

        var (environment, archive) = await defaults.WriteAsync(job.Scope, folder, arguments, writesArchive: true, cancellationToken);
        environment["PYTHONPATH"] = string.Join(Path.PathSeparator, packages);
        string[] command =
        [
            "-u", script, "--JOB_NAME", job.Name, "--JOB_RUN_ID", run.Id,
            .. arguments.Where(item => !IsGlues(item.Key)).SelectMany(item => new[] { item.Key, item.Value }),
        ];
        return new SparkRun(folder, options.Python, command, environment, archive);
    }

    /// <summary>Non-overridable arguments win over the run's, the run's over the job's defaults.</summary>
    private static Dictionary<string, string> Merge(GlueJob job, GlueJobRun run)
    {
        var merged = new Dictionary<string, string>(job.DefaultArguments, StringComparer.Ordinal);
        foreach (var (name, value) in run.Arguments.Concat(job.NonOverridableArguments))
        {
            merged[name] = value;
        }

        return merged;
    }

    /// <summary>Arguments that Glue itself reads and does not hand to the script's own parser here; all others are the script's.</summary>
    private static bool IsGlues(string name) => name is
        "--conf" or "--datalake-formats" or "--extra-py-files" or "--extra-jars" or "--extra-files" or "--TempDir"
        or "--job-bookmark-option" or "--job-language"
        or "--enable-metrics" or "--enable-observability-metrics" or "--enable-job-insights" or "--enable-auto-scaling"
        or "--enable-continuous-cloudwatch-log" or "--custom-logGroup-prefix"
        or "--enable-spark-ui" or "--spark-event-logs-path" or "--enable-glue-datacatalog";

    private static string[] Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private async Task<string> DownloadAsync(AwsScope scope, string location, string folder, CancellationToken cancellationToken)
    {
        if (!location.StartsWith("s3://", StringComparison.Ordinal) || location.IndexOf('/', "s3://".Length) is var slash && slash < 0)
        {
            throw new AwsException("InvalidInputException", $"'{location}' is not the location of an object (s3://bucket/key).");
        }

        var bucket = location["s3://".Length..slash];
        var key = location[(slash + 1)..];
        var file = Path.Combine(folder, Path.GetFileName(key));
        await File.WriteAllBytesAsync(file, await moto.ObjectAsync(scope, bucket, key, cancellationToken), cancellationToken);
        return file;
    }
}
