using Cdc.Harness.Pipelines.State;

namespace Cdc.Harness.Tests;

public sealed class LoadDocumentTests
{
    private static readonly LoadDocument Begun =
        LoadDocument.Of("public.t", new DateTimeOffset(2026, 11, 27, 13, 0, 5, 678, TimeSpan.FromHours(1)), null, 3, "arn:1");

    [Fact]
    public void Its_name_is_the_second_of_its_start_in_UTC() => Begun.Name.Should().Be("20261127T120005Z.json");

    public static TheoryData<LoadDocument, LoadDocument?, bool> Replacements => new()
    {
        { Begun, null, true },
        { Begun, Begun, false },
        { Begun with { Rows = 9 }, Begun, false },
        { Begun with { Complete = "2026-11-27T12:01:00.000Z" }, Begun, true },
        { Begun, Begun with { Complete = "2026-11-27T12:01:00.000Z" }, false },
        { Begun with { Started = "2026-11-27T12:00:05.900Z" }, Begun with { Complete = "2026-11-27T12:00:05.800Z" }, true },
        { Begun, Begun with { Started = "2026-11-27T12:00:05.900Z" }, false },
        { Begun with { Task = "arn:2" }, Begun, true },
    };

    [Theory]
    [MemberData(nameof(Replacements))]
    public void A_complete_load_is_not_taken_back_and_one_that_goes_on_is_said_once(
        LoadDocument load, LoadDocument? there, bool replaces) =>
        load.Replaces(there).Should().Be(replaces);
}
