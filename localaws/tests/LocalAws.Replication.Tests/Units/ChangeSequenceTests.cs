using FluentAssertions;
using FsCheck;
using FsCheck.Xunit;
using LocalAws.Replication.Files;
using LocalAws.Replication.Sequence;

namespace LocalAws.Replication.Tests.Units;

public sealed class ChangeSequenceTests
{
    [Property(MaxTest = 300)]
    public void A_sequence_never_steps_back_though_the_clock_does(NonEmptyArray<int> commits)
    {
        var sequence = new ChangeSequence(new LogPosition(0, LogPosition.FirstCounter, 0));
        var stamp = new RowStamp();
        var written = new List<string>();
        foreach (var offset in commits.Get)
        {
            var commit = 1_700_000_000_000_000 + (offset * 1_000L);
            sequence.BeginTransaction(commit);
            stamp.BeginTransaction(commit, sequence.Micros, 1);
            sequence.Next();
            stamp.SetChange(sequence.Counter, sequence.NumberInTransaction);
            written.Add(System.Text.Encoding.ASCII.GetString(stamp.Sequence));
            // The row's own time is its commit's, wherever the clock was.
            System.Text.Encoding.ASCII.GetString(stamp.Timestamp.Text).Should().Be(
                DateTime.UnixEpoch.AddTicks(commit * 10)
                    .ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture));
        }

        written.Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_sequence_goes_on_from_the_mark_of_a_life_before_though_the_clock_has_stepped_back()
    {
        var before = new ChangeSequence(new LogPosition(0, LogPosition.FirstCounter, 0));
        before.BeginTransaction(2_000_000);
        before.Next();

        var after = new ChangeSequence(before.PositionAt(5));
        after.BeginTransaction(1_000_000);
        after.Next();

        after.Micros.Should().Be(2_000_000);
        after.Counter.Should().Be(before.Counter + ChangeSequence.TransactionStep);
    }
}
