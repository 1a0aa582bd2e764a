using Cdc.Cli.Interface;
using Cdc.Harness.Pipelines;

namespace Cdc.Cli.Tests;

public sealed class TableNamesTests
{
    private static readonly IReadOnlyList<ReplicatedTable> Configured =
        [new("public", "a", ["id"]), new("public", "b", ["id"]), new("other", "a", ["id"])];

    [Theory]
    [InlineData("public.b", "public.b")]
    [InlineData("other.a, public.a", "other.a public.a")]
    [InlineData("public.a,public.a,", "public.a")]
    [InlineData("all", "public.a public.b other.a")]
    public void Tables_are_named_with_their_schema_or_all_at_once(string text, string expected) =>
        string.Join(' ', TableNames.Find(text, Configured).Select(table => table.Qualified)).Should().Be(expected);

    [Theory]
    [InlineData("a", "does not have a; it has public.a, public.b, other.a.")]
    [InlineData("public.a,public.c", "does not have public.c;")]
    [InlineData(" , ", "No table is named*TABLES=all")]
    public void What_the_configuration_does_not_have_is_named_with_what_it_has(string text, string message)
    {
        var finding = () => TableNames.Find(text, Configured);

        finding.Should().Throw<UsageException>().WithMessage($"*{message}*");
    }
}
