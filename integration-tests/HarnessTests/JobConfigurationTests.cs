using System.Text;
using System.Text.Json;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Configuration;

namespace Cdc.Harness.Tests;

public sealed class JobConfigurationTests
{
    [Fact]
    public void What_a_table_does_not_say_is_at_its_default()
    {
        var configuration = Parse("""
            {"final": {"bucket": "f", "state_prefix": "_cdc/"}, "tables": [
              {"schema": "public", "name": "a", "replica_identity": "full", "on_unchanged_lob": "null"}, {"schema": "s", "name": "b"}]}
            """);

        (configuration.FinalBucket, configuration.StatePrefix).Should().Be(("f", "_cdc/"));
        configuration.Of(new ReplicatedTable("public", "a", [])).Should().Be(new TableSettings("full", "null"));
        configuration.Of(new ReplicatedTable("s", "b", [])).Should().Be(new TableSettings("default", "keep"));
        configuration.Of(new ReplicatedTable("s", "none", [])).WantsFullIdentity.Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"final": {"bucket": "f"}, "tables": []}""", "*state_prefix*")]
    [InlineData("""{"final": {"bucket": "f", "state_prefix": "_cdc/"}}""", "*no tables*")]
    [InlineData("null", "*null*")]
    public void What_it_lacks_is_named(string document, string message)
    {
        var parsing = () => Parse(document);

        parsing.Should().Throw<JsonException>().WithMessage(message);
    }

    private static JobConfiguration Parse(string document) => JobConfiguration.Parse(Encoding.UTF8.GetBytes(document));
}
