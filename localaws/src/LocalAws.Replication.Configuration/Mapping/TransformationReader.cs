using System.Globalization;

namespace LocalAws.Replication.Mapping;

/// <summary>Reads transformation rules.</summary>
internal static class TransformationReader
{
    private static readonly string[] Headers =
    [
        "$AR_H_CHANGE_SEQ", "$AR_H_STREAM_POSITION", "$AR_H_TIMESTAMP", "$AR_H_COMMIT_TIMESTAMP", "$AR_H_OPERATION",
        "$AR_M_SOURCE_SCHEMA", "$AR_M_SOURCE_TABLE_NAME",
    ];

    public static TransformationRule Read(RuleElement rule)
    {
        var target = rule.Required("rule-target");
        var action = Current(rule.Required("rule-action"));
        if (target is not ("schema" or "table" or "column"))
        {
            throw new MappingRuleException(rule.Id, $"The rule-target '{target}' is not supported by this engine.");
        }

        var isName = NameActions.All.Contains(action);
        if (!isName && action is not ("add-column" or "remove-column" or "include-column" or "add-before-image-columns"))
        {
            throw new MappingRuleException(rule.Id, $"The rule-action '{action}' is not supported by this engine.");
        }

        if (!isName && target != "column")
        {
            throw new MappingRuleException(rule.Id, $"The rule-action '{action}' needs the rule-target 'column'.");
        }

        if ((isName && NameActions.NeedsValue(action)) || action == "add-column")
        {
            rule.Required("value");
        }

        if (action.StartsWith("replace", StringComparison.Ordinal))
        {
            rule.Required("old-value");
        }

        return new TransformationRule(
            rule.Id,
            action,
            target,
            new NamePattern(rule.RequiredLocator("schema-name")),
            new NamePattern(target == "schema" ? rule.Locator("table-name") ?? "%" : rule.RequiredLocator("table-name")),
            new NamePattern(ColumnName(rule, action, target)),
            rule.Text("value"),
            rule.Text("old-value"),
            action == "add-column" ? Expression(rule) : null,
            DataType(rule),
            action == "add-before-image-columns" ? BeforeImage(rule) : null);
    }

    private static string Current(string action) => action switch
    {
        "make-lowercase" => "convert-lowercase",
        "make-uppercase" => "convert-uppercase",
        _ => action,
    };

    private static string ColumnName(RuleElement rule, string action, string target) =>
        target != "column" || action is "add-column" or "add-before-image-columns"
            ? rule.Locator("column-name") ?? "%"
            : rule.RequiredLocator("column-name");

    private static string Expression(RuleElement rule)
    {
        var expression = rule.Required("expression").Trim();
        return Headers.Contains(expression)
            ? expression
            : throw new MappingRuleException(
                rule.Id, $"The expression '{expression}' is not supported by this engine, which knows {string.Join(", ", Headers)}.");
    }

    private static ColumnDataType? DataType(RuleElement rule)
    {
        if (rule.Object("data-type") is not { } type)
        {
            return null;
        }

        var name = RuleElement.Text(type, "type") ?? "";
        if (rule.Text("rule-action") == "add-column" && name is not ("string" or "wstring" or "datetime"))
        {
            throw new MappingRuleException(
                rule.Id, $"The data-type '{name}' is not supported by this engine for an added column: use string.");
        }

        return new ColumnDataType(
            name, RuleElement.Text(type, "length") is { } length && name != "datetime"
                ? int.Parse(length, CultureInfo.InvariantCulture)
                : null);
    }

    private static BeforeImageDefinition BeforeImage(RuleElement rule)
    {
        if (rule.Object("before-image-def") is not { } definition)
        {
            throw new MappingRuleException(rule.Id, "'before-image-def' is missing.");
        }

        var prefix = RuleElement.Text(definition, "column-prefix") ?? "";
        var suffix = RuleElement.Text(definition, "column-suffix") ?? "";
        var filter = RuleElement.Text(definition, "column-filter") ?? "pk-only";
        if (prefix.Length + suffix.Length == 0)
        {
            throw new MappingRuleException(rule.Id, "'before-image-def' needs a column-prefix or a column-suffix.");
        }

        return filter is "pk-only" or "non-lob" or "all"
            ? new BeforeImageDefinition(prefix, suffix, filter)
            : throw new MappingRuleException(rule.Id, $"The column-filter '{filter}' is not one of pk-only, non-lob, all.");
    }
}
