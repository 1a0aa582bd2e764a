using System.Text.Json;

namespace LocalAws.Replication.Mapping;

/// <summary>Reads selection rules and their filters.</summary>
internal static class SelectionReader
{
    private static readonly string[] Operators = ["lte", "ste", "gte", "eq", "noteq", "between", "notbetween", "null", "notnull"];
    private static readonly string[] Negative = ["noteq", "notbetween", "notnull"];

    public static SelectionRule Read(RuleElement rule)
    {
        var action = rule.Required("rule-action");
        if (action is not ("include" or "exclude" or "explicit"))
        {
            throw new MappingRuleException(rule.Id, $"The rule-action '{action}' is not one of include, exclude, explicit.");
        }

        if (rule.Locator("table-type") is { } type && type is not ("table" or "all"))
        {
            throw new MappingRuleException(rule.Id, $"The table-type '{type}' is not supported by this engine.");
        }

        var filters = Filters(rule).ToList();
        if (filters.Count > 0 && action == "exclude")
        {
            throw new MappingRuleException(rule.Id, "Filters belong to include rules.");
        }

        var wildcards = action != "explicit";
        return new SelectionRule(
            rule.Id,
            action,
            new NamePattern(rule.RequiredLocator("schema-name"), wildcards),
            new NamePattern(rule.RequiredLocator("table-name"), wildcards),
            rule.Number("load-order", 0),
            filters);
    }

    private static IEnumerable<ColumnFilter> Filters(RuleElement rule)
    {
        if (rule.Array("filters") is not { } filters)
        {
            yield break;
        }

        foreach (var filter in filters.EnumerateArray())
        {
            if (RuleElement.Text(filter, "filter-type") is not "source")
            {
                throw new MappingRuleException(rule.Id, "The filter-type must be 'source'.");
            }

            var column = RuleElement.Text(filter, "column-name") is { Length: > 0 } name
                ? name
                : throw new MappingRuleException(rule.Id, "A filter has no column-name.");
            if (!filter.TryGetProperty("filter-conditions", out var conditions)
                || conditions.ValueKind != JsonValueKind.Array
                || conditions.GetArrayLength() == 0)
            {
                throw new MappingRuleException(rule.Id, $"The filter of column '{column}' has no filter-conditions.");
            }

            var read = conditions.EnumerateArray().Select(condition => Condition(rule, column, condition)).ToList();
            if (read.Count > 1 && read.Exists(condition => Negative.Contains(condition.Operator)))
            {
                throw new MappingRuleException(
                    rule.Id, $"The filter of column '{column}' joins a negative operator with another condition.");
            }

            yield return new ColumnFilter(column, read);
        }
    }

    private static FilterCondition Condition(RuleElement rule, string column, JsonElement condition)
    {
        var operation = RuleElement.Text(condition, "filter-operator") ?? "";
        if (!Operators.Contains(operation))
        {
            throw new MappingRuleException(
                rule.Id, $"The filter-operator '{operation}' of column '{column}' is not one of {string.Join(", ", Operators)}.");
        }

        var range = operation is "between" or "notbetween";
        var value = RuleElement.Text(condition, range ? "start-value" : "value");
        var end = RuleElement.Text(condition, "end-value");
        if (operation is not ("null" or "notnull") && (value is null || (range && end is null)))
        {
            throw new MappingRuleException(rule.Id, $"The filter-operator '{operation}' of column '{column}' lacks its value.");
        }

        return new FilterCondition(operation == "ste" ? "lte" : operation, value, end);
    }
}
