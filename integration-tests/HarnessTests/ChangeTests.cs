using Cdc.Harness.Changes;

namespace Cdc.Harness.Tests;

public sealed class ChangeTests
{
    private static readonly Dictionary<string, string?> Row = new() { ["a"] = "1", ["b"] = "2", ["v"] = "x" };

    [Theory]
    [InlineData("1", "2", "y", false)]
    [InlineData("1", "3", "x", true)]
    public void An_update_moves_its_row_when_a_column_of_the_key_differs_however_much_of_the_old_row_is_sent(
        string a, string b, string v, bool moves)
    {
        var update = new Change("public", "t", "U", Row, new Dictionary<string, string?> { ["a"] = a, ["b"] = b, ["v"] = v });

        update.MovesRow(["a", "b"]).Should().Be(moves);
    }

    [Fact]
    public void What_has_no_old_row_moves_none() => new Change("public", "t", "U", Row, null).MovesRow(["a"]).Should().BeFalse();

    [Fact]
    public void A_delete_moves_none() => new Change("public", "t", "D", null, Row).MovesRow(["a"]).Should().BeFalse();
}
