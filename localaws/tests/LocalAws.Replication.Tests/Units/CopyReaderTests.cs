using System.Text;
using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LocalAws.Replication.Load;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Tests.Units;

public sealed class CopyReaderTests
{
    private const int Wide = 300_000;

    [Property(MaxTest = 200)]
    public void Rows_come_as_they_were_escaped_whatever_the_pieces_are(NonEmptyArray<string?[]> rows, PositiveInt piece)
    {
        var wanted = rows.Get.Select(row => row.Length == 0 ? [null] : row).ToList();
        var text = Encoding.UTF8.GetBytes(string.Concat(wanted.Select(row => string.Join('\t', row.Select(Escape)) + "\n")));

        var read = Read(new Pieces(text, piece.Get), Enumerable.Repeat(int.MaxValue, wanted.Max(row => row.Length)).ToList());

        read.Should().BeEquivalentTo(wanted.Select(row => row.Select(Clean).ToArray()), options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public void A_value_beyond_its_limit_is_cut_and_its_neighbours_are_whole(int piece)
    {
        // Backslashes everywhere: a cut between the two halves of an escape would shift every value behind it.
        var wide = string.Concat(Enumerable.Repeat("a\\b\t", Wide));
        var text = Encoding.UTF8.GetBytes($"1\t{Escape(wide)}\tnext\n2\t\\N\t{Escape(wide)}\n3\tx\ty\n");

        var read = Read(new Pieces(text, piece), [100, 101, 102]);

        read.Select(row => row[0]).Should().Equal("1", "2", "3");
        read[0][1]!.Should().StartWith(wide[..60]);
        read[0][2].Should().Be("next");
        read[1][1].Should().BeNull();
        read[1][2]!.Should().StartWith(wide[..60]);
        read[2].Should().Equal("3", "x", "y");
    }

    private static List<string?[]> Read(Stream stream, IReadOnlyList<int> limits)
    {
        var reader = new CopyReader(stream, limits);
        var row = new RowImage();
        var rows = new List<string?[]>();
        while (reader.FillAsync(default).AsTask().Result)
        {
            while (reader.TryRead(row))
            {
                rows.Add([.. Enumerable.Range(0, row.Count).Select(i => row.HasValue(i) ? Encoding.UTF8.GetString(row[i]) : null)]);
            }
        }

        return rows;
    }

    /// <summary>What UTF-8 can say of a string, and PostgreSQL can store.</summary>
    private static string? Clean(string? value) =>
        value is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value.Replace("\0", "", StringComparison.Ordinal)));

    private static string Escape(string? value) =>
        Clean(value) is not { } text ? "\\N" : string.Concat(text.Select(character => character switch
    {
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\v' => "\\v",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => character.ToString(),
    }));

    /// <summary>A stream that gives few bytes at a time, as a network does.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, size)], cancellationToken);
    }
}
