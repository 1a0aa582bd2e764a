using System.Globalization;
using Cdc.ParquetBenchmark;
using LocalAws.Parquet;
using LocalAws.Parquet.Tests;

// The own Parquet writer beside ParquetSharp and Parquet.Net: likeness to AWS's own file, rows per second, memory.
const int Rows = 10_000; // of a row group, as DMS has them
const int Groups = 100;
const int Rounds = 5;

var orders = Table.Orders(Rows);
if (args is [MemoryUse.Verb, var number, var name])
{
    var measured = Candidate.All[int.Parse(number, CultureInfo.InvariantCulture)];
    await MemoryUse.PrintAsync(measured.For(orders), Rows, Groups, Enum.Parse<EncodingType>(name));
    return;
}

Console.WriteLine(
    "| writer | schema elements like AWS's | page headers like AWS's | whole file |\n"
    + "|---|---|---|---|");
var aws = AwsFile.Load();
foreach (var candidate in Candidate.All)
{
    var identity = await Identity.OfAsync(candidate, aws);
    Console.WriteLine(
        $"| {candidate.Name} | {identity.Schema} of {identity.SchemaOf} | {identity.Headers} of {identity.HeadersOf} "
        + $"| {(identity.File ? "identical" : "differs")} |");
}

var writers = Candidate.All.Select(candidate => candidate.For(orders)).ToList();
foreach (var encoding in new[] { EncodingType.RleDictionary, EncodingType.Plain })
{
    Console.WriteLine(
        $"\n{encoding}, {Rows * Groups:N0} rows of {orders.Columns.Count} columns, {Rows:N0} a row group, median of {Rounds}:\n\n"
        + "| writer | rows/s of processor time | own writer to it | rows/s by the clock | bytes a row | memory | allocated a row |\n"
        + "|---|---|---|---|---|---|---|");
    var speed = await Speed.OfAsync(writers, Rows, Groups, encoding, Rounds);
    for (var i = 0; i < writers.Count; i++)
    {
        var output = new CountingStream();
        await writers[i].WriteAsync(output, Groups, encoding);
        var memory = await MemoryUse.OfAsync(i, encoding);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Candidate.All[i].Name} | {speed.ByProcessor(i) / 1e6:F2} M | {speed.OwnTo(i):F2} | {speed.ByClock(i) / 1e6:F2} M "
            + $"| {(double)output.Length / (Rows * Groups):F1} | {memory.Megabytes:F0} MB | {memory.AllocatedPerRow:F0} B |"));
    }
}
