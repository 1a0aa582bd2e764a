using LocalAws.Services.Rds;

namespace LocalAws.Tests.Services;

public sealed class ServerEndsTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Five_ends_within_ten_minutes_are_borne_and_the_sixth_is_not() =>
        After(0, 1, 2, 3, 4, 9.9).Should().Equal(false, false, false, false, false, true);

    [Fact]
    public void An_end_of_ten_minutes_ago_counts_no_more() =>
        After(0, 1, 2, 3, 4, 10, 10.5).Should().Equal(false, false, false, false, false, false, true);

    [Fact]
    public void A_server_that_ends_now_and_then_is_started_for_ever() =>
        After([.. Enumerable.Range(0, 100).Select(number => number * 2.0)]).Should().NotContain(true);

    private static IReadOnlyList<bool> After(params double[] minutes)
    {
        var ends = new ServerEnds();
        return [.. minutes.Select(minute => ends.Add(Start.AddMinutes(minute)))];
    }
}
