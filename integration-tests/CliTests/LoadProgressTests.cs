using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Loads;

namespace Cdc.Cli.Tests;

public sealed class LoadProgressTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 5, TimeSpan.Zero);

    [Fact]
    public void A_table_that_is_loading_says_how_far_it_is_and_those_that_wait_are_named()
    {
        TableLoadState[] states =
        [
            new(Table("a"), LoadPhase.Loading, Start, null, 12_000),
            new(Table("b"), LoadPhase.Loading, Start, null, 3),
            new(Table("c"), LoadPhase.Queued), new(Table("d"), LoadPhase.NeverLoaded), new(Table("e"), LoadPhase.Loaded, Start, Start, 9),
        ];

        new LoadProgress(new Dictionary<string, long> { ["public.a"] = 40_000 }, TimeProvider.System).Lines(states).Should().Equal(
            "public.a: 12,000 of about 40,000 rows, since 12:00:05 UTC",
            "public.b: 3 rows, since 12:00:05 UTC",
            "waiting: public.c, public.d");
    }

    private static ReplicatedTable Table(string name) => new("public", name, ["id"]);
}
