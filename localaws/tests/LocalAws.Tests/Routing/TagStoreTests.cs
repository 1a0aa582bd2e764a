using LocalAws.Routing;

namespace LocalAws.Tests.Routing;

public sealed class TagStoreTests
{
    [Fact]
    public void Tags_are_added_replaced_and_removed_and_only_a_resource_that_is_there_has_any()
    {
        var store = new TagStore();
        store.Add("arn", [KeyValuePair.Create("a", "1")]).Should().BeFalse();

        store.Create("arn", [KeyValuePair.Create("a", "1")]);
        store.Add("arn", [KeyValuePair.Create("a", "2"), KeyValuePair.Create("b", "3")]).Should().BeTrue();
        store.Remove("arn", ["b", "none"]).Should().BeTrue();

        store.Find("arn").Should().Equal(new Dictionary<string, string> { ["a"] = "2" });
        store.Forget("arn");
        store.Find("arn").Should().BeNull();
    }
}
