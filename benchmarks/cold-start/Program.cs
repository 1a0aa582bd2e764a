using System.Globalization;
using System.Runtime.InteropServices;
using Cdc.ColdStart;

// From the start of the function's process to its first response, with the disk warm: the published build beside one that is self-contained
// but neither trimmed nor compiled ahead, of the same sources. The two take turns, so that other work on the machine meets both.
const int Discarded = 3;
var starts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 30;
var repository = Directory.GetCurrentDirectory();
if (!File.Exists(Path.Combine(repository, "Cdc.slnx")))
{
    Console.Error.WriteLine("Run it from the repository's folder: make bench-cold-start.");
    return 1;
}

var system = OperatingSystem.IsMacOS() ? "osx" : "linux";
var machine = $"{system}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
FunctionBuild[] builds =
[
    await FunctionBuild.PublishAsync(repository, "published", machine),
    await FunctionBuild.PublishAsync(repository, "untrimmed", machine, "-p:PublishTrimmed=false", "-p:PublishReadyToRun=false"),
];
using var services = new Services();
var measured = builds.ToDictionary(build => build, _ => new List<Start>());
for (var round = 0; round < Discarded + starts; round++)
{
    foreach (var build in builds)
    {
        var start = await services.MeasureAsync(build);
        if (round >= Discarded)
        {
            measured[build].Add(start);
        }
    }
}

Console.WriteLine($"{"build",-12} {"zip MB",8} {"p50 ms",8} {"p90 ms",8} {"max ms",8} {"peak MiB",9}   {starts} starts each");
foreach (var (build, found) in measured)
{
    var sorted = found.Select(start => start.Milliseconds).Order().ToList();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{build.Name,-12} {build.ZipBytes / 1e6,8:F1} {sorted[sorted.Count / 2],8:F0} {sorted[sorted.Count * 9 / 10],8:F0} "
        + $"{sorted[^1],8:F0} {found.Max(start => start.PeakBytes) / 1048576.0,9:F1}"));
}

return 0;
