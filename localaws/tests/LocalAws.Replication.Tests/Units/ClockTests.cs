using FluentAssertions;
using LocalAws.Replication.Load;
using LocalAws.Replication.Target;
using Microsoft.Extensions.Time.Testing;

namespace LocalAws.Replication.Tests.Units;

/// <summary>Times that only go on, whatever the machine's clock does.</summary>
public sealed class ClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void File_names_of_one_millisecond_and_of_a_clock_that_was_set_back_differ_and_rise()
    {
        var time = new FakeTimeProvider(Noon);
        var clock = new FileClock(0, time);

        var names = new List<DateTime> { clock.Next(), clock.Next() };
        time.AdjustTime(Noon.AddHours(-1));
        names.Add(clock.Next());
        names.Add(new FileClock(clock.LastMillis, time).Next());

        names.Should().Equal(Enumerable.Range(0, 4).Select(millis => Noon.UtcDateTime.AddMilliseconds(millis)));
    }

    [Fact]
    public void Rows_of_a_load_have_each_a_later_time_or_all_the_tasks_start()
    {
        var time = new FakeTimeProvider(Noon);
        var micros = (Noon.UtcDateTime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var clock = new LoadClock(constant: null, time);

        var first = clock.Next();
        var second = clock.Next();
        time.Advance(TimeSpan.FromSeconds(1));

        (first, second, clock.Next()).Should().Be((micros, micros + 1, micros + 1_000_000));
        var start = new LoadClock(Noon.UtcDateTime.AddDays(-1), time);
        (start.Next(), start.Next()).Should().Be((micros - 86_400_000_000, micros - 86_400_000_000));
    }
}
