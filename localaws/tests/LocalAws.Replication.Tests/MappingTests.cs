using FluentAssertions;
using LocalAws.Replication.Mapping;

namespace LocalAws.Replication.Tests;

public sealed class MappingTests
{
    private static readonly SourceColumnInfo[] Columns =
        [new("id", "integer", true, false), new("name", "text", false, true), new("city", "character varying(20)", false, false)];

    [Theory]
    [InlineData("%", "anything", true)]
    [InlineData("order_", "orders", true)]
    [InlineData("order[_]items", "order_items", true)]
    [InlineData("order[_]items", "orderXitems", false)]
    [InlineData("t[a-c]", "tb", true)]
    [InlineData("t[a-c]", "td", false)]
    [InlineData("Orders", "orders", false)]
    [InlineData("a.b", "axb", false)]
    public void Wildcards_match_as_DMS_says(string pattern, string name, bool matches) =>
        new NamePattern(pattern).Matches(name).Should().Be(matches);

    [Fact]
    public void An_exclude_wins_over_every_include_whatever_their_order()
    {
        var mappings = Parse(Selection(1, "exclude", "secret%"), Selection(2, "include", "%"), Selection(3, "explicit", "a_b"));

        mappings.Selects("public", "secrets").Should().BeNull();
        mappings.Selects("public", "axb")!.Id.Should().Be("2");
        mappings.NamedTables.Select(rule => rule.Table.Text).Should().Equal("a_b");
    }

    [Fact]
    public void Names_columns_and_added_columns_follow_the_rules()
    {
        var mapped = Parse(
            Selection(1, "include", "%"),
            Transformation(2, "rename", "schema", "%", "\"value\":\"lake\""),
            Transformation(3, "add-prefix", "table", "%", "\"value\":\"src_\""),
            Transformation(4, "convert-uppercase", "column", "city", ""),
            Transformation(5, "remove-column", "column", "name", ""),
            Transformation(
                6, "add-column", "column", "%",
                "\"value\":\"seq\",\"expression\":\"$AR_H_CHANGE_SEQ\",\"data-type\":{\"type\":\"string\",\"length\":50}"),
            Transformation(
                7,
                "add-column",
                "column",
                "%",
                "\"value\":\"origin\",\"expression\":\"$AR_M_SOURCE_TABLE_NAME\",\"data-type\":{\"type\":\"string\",\"length\":50}"),
            Transformation(
                8, "add-before-image-columns", "column", "%",
                "\"before-image-def\":{\"column-prefix\":\"was_\",\"column-filter\":\"pk-only\"}"))
            .Map("public", "t", Columns);

        mapped.Schema.Should().Be("lake");
        mapped.Table.Should().Be("src_t");
        mapped.Columns.Should().Equal(new MappedColumn("id", "id"), new MappedColumn("city", "CITY"));
        mapped.Added.Should().Equal(new AddedColumn("seq", "AR_H_CHANGE_SEQ", null, 50), new AddedColumn("origin", null, "t", 50));
        mapped.BeforeImages.Should().Equal(new MappedColumn("id", "was_id"));
    }

    [Theory]
    [InlineData("""{"rules":[]}""", "Error in mapping rules. There must be at least one*")]
    [InlineData("""{"rules":""", "Error in mapping rules. The document is not JSON*")]
    [InlineData("""[]""", "Error in mapping rules. The document must be an object*")]
    public void A_document_that_is_no_mapping_is_refused(string json, string message)
    {
        var parse = () => TableMappings.Parse(json);

        parse.Should().Throw<MappingRuleException>().WithMessage(message);
    }

    [Theory]
    [InlineData(
        "add-column",
        "column",
        "\"value\":\"x\",\"expression\":\"upper($name)\",\"data-type\":{\"type\":\"string\",\"length\":5}",
        "*upper($name)*")]
    [InlineData("add-column", "column", "\"expression\":\"$AR_H_CHANGE_SEQ\"", "*'value' is missing*")]
    [InlineData("change-data-type", "column", "", "*'change-data-type' is not supported*")]
    [InlineData("rename", "tablespace", "\"value\":\"x\"", "*'tablespace'*")]
    [InlineData("add-before-image-columns", "column", "\"before-image-def\":{\"column-filter\":\"all\"}", "*column-prefix*")]
    public void A_rule_that_the_engine_does_not_have_is_named(string action, string target, string more, string reason)
    {
        var parse = () => Parse(Selection(1, "include", "%"), Transformation(42, action, target, "%", more));

        parse.Should().Throw<MappingRuleException>().WithMessage(
            "Error in mapping rules. Rule with ruleId = 42 failed validation. " + reason);
    }

    [Fact]
    public void Two_rules_of_one_action_for_one_object_contradict_each_other()
    {
        var mappings = Parse(
            Selection(1, "include", "%"),
            Transformation(2, "rename", "table", "%", "\"value\":\"a\""),
            Transformation(3, "rename", "table", "%", "\"value\":\"b\""));

        mappings.Invoking(
            self => self.Map("public", "t", Columns)).Should().Throw<MappingRuleException>().WithMessage("*ruleId = 3*rename*public.t*");
    }

    private static TableMappings Parse(params string[] rules) => TableMappings.Parse($"{{\"rules\":[{string.Join(',', rules)}]}}");

    private static string Selection(int id, string action, string table) =>
        $$"""{"rule-type":"selection","rule-id":"{{id}}","rule-name":"{{id}}","rule-action":"{{action}}","object-locator":"""
        + $$"""{"schema-name":"public","table-name":"{{table}}"} }""";

    private static string Transformation(int id, string action, string target, string column, string more) =>
        $$"""
        {"rule-type":"transformation","rule-id":"{{id}}","rule-name":"{{id}}","rule-action":"{{action}}","rule-target":"{{target}}",
         "object-locator":{"schema-name":"public","table-name":"%","column-name":"{{column}}"}{{(more.Length > 0 ? "," + more : "")}} }
        """;
}
