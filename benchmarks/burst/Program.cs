using System.Diagnostics;
using System.Globalization;
using Cdc.Burst;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Places;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Waiting;

// What a burst of objects costs in Glue runs and calls, on a stack that is up (`make demo` leaves one): copies of one change file under
// names of their own land as fast as they can be put, and the job's ledger tells that each was applied.
const int Writers = 32;
const int RunsLooked = 200;
var objects = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
int? port = Environment.GetEnvironmentVariable("PORT") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : null;
var limit = TimeSpan.FromMinutes(15);

var environment = new TargetedEnvironment(EnvironmentFolder.Named("local"), await LocalPlace.FindAsync(port, CancellationToken.None));
try
{
    await environment.EnterAsync(CancellationToken.None);
}
catch (UsageException down)
{
    Console.Error.WriteLine(down.Message);
    return 1;
}

await using var deployment = await environment.OpenAsync(CancellationToken.None);
var pipeline = deployment.Pipeline;
var earlier = (await Convergence.IdleAsync(deployment, limit, CancellationToken.None)).Select(run => run.Id).ToHashSet();
var folder = $"{pipeline.RawPrefix}public/customers/";
var listed = await deployment.S3.ListObjectsV2Async(
    new Amazon.S3.Model.ListObjectsV2Request { BucketName = pipeline.RawBucket, Prefix = folder });
var changes = (listed.S3Objects ?? [])
    .Select(item => item.Key)
    .Where(key => !key[folder.Length..].StartsWith("LOAD", StringComparison.Ordinal));
if (changes.LastOrDefault() is not { } source)
{
    Console.Error.WriteLine($"There is no change file in s3://{pipeline.RawBucket}/{folder}: change a customer first.");
    return 1;
}

var began = DateTimeOffset.UtcNow;
// As DMS names files, a millisecond apart.
var keys = Enumerable.Range(0, objects).Select(index => $"{folder}{began.AddMilliseconds(index):yyyyMMdd-HHmmssfff}.parquet").ToList();
var watch = Stopwatch.StartNew();
await Parallel.ForEachAsync(
    keys,
    new ParallelOptions { MaxDegreeOfParallelism = Writers },
    async (key, token) => await deployment.S3.CopyObjectAsync(pipeline.RawBucket, source, pipeline.RawBucket, key, token));
var put = watch.Elapsed;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{objects} objects put in {put.TotalSeconds:F1} s"));

await Eventually.BecomesAsync(
    "the job is idle after the burst",
    async token => (await deployment.Glue.GetJobRunsAsync(pipeline.JobName, RunsLooked, token))
        .Where(run => !earlier.Contains(run.Id))
        .ToList(),
    seen => seen.Count > 0 && seen.All(run => !run.IsActive),
    limit,
    CancellationToken.None,
    TimeSpan.FromSeconds(1));
var runs = (await deployment.Glue.GetJobRunsAsync(pipeline.JobName, RunsLooked, CancellationToken.None))
    .Where(run => !earlier.Contains(run.Id))
    .ToList();
var took = watch.Elapsed;
var answer = await deployment.Athena.RunAsync(
    $"SELECT count(DISTINCT object_key) FROM cdc_files WHERE object_key >= '{keys[0]}' AND object_key <= '{keys[^1]}'",
    CancellationToken.None);
var applied = int.Parse(answer.Rows[0][0]!, CultureInfo.InvariantCulture);
var log = FunctionLog.Read(
    await deployment.Logs.FilterLogEventsAsync(pipeline.FunctionLogGroup, null, null, began, CancellationToken.None));
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"applied {applied} of {objects} objects in {took.TotalSeconds:F0} s by {runs.Count} Glue runs "
    + $"({string.Join(", ", runs.Select(run => run.JobRunState))})"));
Console.WriteLine($"the function: {log.Invocations} invocations, {log.GlueCalls} calls of Glue's API, {log.Started} runs started");
// Glue bills a minute of each run at least.
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"one run for each object: {objects} runs and at least {objects} calls; one at a time and a minute each, {objects / 60.0:F1} hours"));
return applied == objects && runs.TrueForAll(run => run.JobRunState == "SUCCEEDED") ? 0 : 1;
