using LocalAws.Parquet;
using LocalAws.Parquet.Tests;
using LocalAws.Parquet.Tests.Headers;

namespace Cdc.ParquetBenchmark;

/// <summary>How much of the file that AWS wrote a writer gives, from the same ten rows, byte for byte.</summary>
/// <param name="Schema">Elements of the schema.</param>
/// <param name="SchemaOf">Of how many.</param>
/// <param name="Headers">Page headers.</param>
/// <param name="HeadersOf">Of how many.</param>
/// <param name="File">Whether the whole file is the same.</param>
internal sealed record Identity(int Schema, int SchemaOf, int Headers, int HeadersOf, bool File)
{
    /// <summary>Compares a writer's file with AWS's.</summary>
    /// <param name="candidate">The writer.</param>
    /// <param name="aws">AWS's file.</param>
    public static async Task<Identity> OfAsync(Candidate candidate, AwsFile aws)
    {
        using var stream = new MemoryStream();
        await candidate.For(Table.Of(aws)).WriteAsync(stream, groups: 1, EncodingType.Plain);
        var written = stream.ToArray();
        var (theirs, ours) = (FileHeaders.Read(aws.Bytes), FileHeaders.Read(written));
        return new Identity(
            Same(theirs.Schema, ours.Schema),
            theirs.Schema.Count(),
            Same(theirs.Pages.Select(page => page.Header), ours.Pages.Select(page => page.Header)),
            theirs.Pages.Count,
            written.AsSpan().SequenceEqual(aws.Bytes));
    }

    private static int Same(IEnumerable<ThriftStruct> theirs, IEnumerable<ThriftStruct> ours) =>
        theirs.Zip(ours, (x, y) => x.Encoded.AsSpan().SequenceEqual(y.Encoded)).Count(same => same);
}
