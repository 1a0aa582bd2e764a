using System.Globalization;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Places;
using Cdc.Harness.Pipelines;
using Cdc.Latency;

// Seconds from commit to visible row: single-row commits, one at a time, on a stack that is up (`make demo` leaves one).
const int RunsLooked = 20;
var commits = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
var idleLimit = TimeSpan.FromMinutes(3);

var environment = new TargetedEnvironment(EnvironmentFolder.Named("local"), await LocalPlace.FindAsync(null, CancellationToken.None));
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
var customers = deployment.Pipeline.Tables.Single(table => table.Name == "customers");
var journey = new RowJourney(deployment);
var measured = new List<Measurement>();
for (var commit = 1; commit <= commits; commit++)
{
    var earlier = (await Convergence.IdleAsync(deployment, idleLimit, CancellationToken.None)).Select(run => run.Id).ToHashSet();
    var marker = $"latency {Guid.NewGuid():N}";
    await deployment.Source.ExecuteAsync(
        $"UPDATE customers SET last_name = '{marker}' WHERE customer_id = (SELECT customer_id FROM customers ORDER BY customer_id "
        + $"OFFSET {commit} LIMIT 1)",
        CancellationToken.None);
    // By the runs and not by queries, which would take the run's processors from it.
    await Cdc.Harness.Waiting.Eventually.BecomesAsync(
        $"the run of commit {commit} has ended",
        async token => (await deployment.Glue.GetJobRunsAsync(deployment.Pipeline.JobName, RunsLooked, token)).Where(
            run => !earlier.Contains(run.Id)).ToList(),
        seen => seen.Count > 0 && seen.All(run => !run.IsActive),
        idleLimit,
        CancellationToken.None,
        TimeSpan.FromMilliseconds(500));
    var measurement = new Measurement(await journey.FollowAsync(customers, $"last_name = '{marker}'", CancellationToken.None));
    measured.Add(measurement);
    var shares = measurement.Shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Place} +{share.Seconds:F2}"));
    Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"commit {commit,2}: {measurement.Total,6:F2} s   {string.Join("   ", shares)}"));
}

double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToList();
    return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}

var total = Median(measured.Select(item => item.Total));
Console.WriteLine(
    string.Create(CultureInfo.InvariantCulture, $"\ncommit to visible row, p50 of {commits} single-row commits: {total:F2} s"));
foreach (var place in measured[0].Shares.Select(share => share.Place))
{
    var seconds = Median(measured.Select(item => item.Shares.Single(share => share.Place == place).Seconds));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {place,-26} {seconds,6:F2} s  {seconds / total,4:P0}"));
}

return 0;
