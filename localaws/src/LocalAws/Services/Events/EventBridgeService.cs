using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Events.Patterns;

namespace LocalAws.Services.Events;

/// <summary>EventBridge's API: rules, targets and events of the default bus.</summary>
internal sealed class EventBridgeService : JsonService
{
    private readonly RuleRegistry _rules;
    private readonly EventBus _bus;
    private readonly TimeProvider _clock;

    public EventBridgeService(RuleRegistry rules, EventBus bus, TimeProvider clock)
        : base("events")
    {
        (_rules, _bus, _clock) = (rules, bus, clock);
        On("PutRule", PutRule);
        On("DescribeRule", (scope, input) => Describe(Rule(scope, input, "Name")));
        On("ListRules", ListRules);
        On("DeleteRule", DeleteRule);
        On("EnableRule", (scope, input) => Enable(scope, input, true));
        On("DisableRule", (scope, input) => Enable(scope, input, false));
        On("PutTargets", PutTargets);
        On("ListTargetsByRule", ListTargets);
        On("RemoveTargets", RemoveTargets);
        On("PutEvents", PutEvents);
        On("TestEventPattern", TestPattern);
        On("ListTagsForResource", ListTags);
        On("TagResource", Tag);
        On("UntagResource", Untag);
    }

    private JsonObject PutRule(AwsScope scope, JsonObject input)
    {
        RequireDefaultBus(input);
        var name = input.Required("Name");
        var (pattern, expression) = (input.Text("EventPattern"), input.Text("ScheduleExpression"));
        if (string.IsNullOrEmpty(pattern) && string.IsNullOrEmpty(expression))
        {
            throw new AwsException("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }

        var before = _rules.Find(scope, name);
        var schedule = string.IsNullOrEmpty(expression) ? null : RuleSchedule.Parse(expression);
        var rule = new EventRule
        {
            Scope = scope,
            Name = name,
            Description = input.Text("Description") ?? "",
            PatternText = string.IsNullOrEmpty(pattern) ? null : pattern,
            Pattern = string.IsNullOrEmpty(pattern) ? null : Parse(pattern),
            Schedule = schedule,
            // The same schedule goes on counting.
            NextDue = schedule is null ? null : before?.Schedule == schedule ? before.NextDue : _clock.GetUtcNow() + schedule.Period,
            IsEnabled = input.Text("State") is null or "ENABLED" or "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            RoleArn = input.Text("RoleArn"),
            Targets = before?.Targets ?? [],
        };
        _rules.Put(rule);
        if (before is null)
        {
            _rules.Tags.Create(rule.Arn, input.TagList());
        }

        return new JsonObject { ["RuleArn"] = rule.Arn };
    }

    private JsonObject ListRules(AwsScope scope, JsonObject input)
    {
        RequireDefaultBus(input);
        var prefix = input.Text("NamePrefix") ?? "";
        var rules = _rules.All
            .Where(rule => rule.Scope == scope && rule.Name.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(rule => rule.Name, StringComparer.Ordinal);
        return new JsonObject { ["Rules"] = new JsonArray([.. rules.Select(rule => (JsonNode)Describe(rule))]) };
    }

    private JsonObject DeleteRule(AwsScope scope, JsonObject input)
    {
        RequireDefaultBus(input);
        if (_rules.Find(scope, input.Required("Name")) is not { } rule)
        {
            return [];
        }

        if (!rule.Targets.IsEmpty)
        {
            throw new AwsException("ValidationException", "Rule can't be deleted since it has targets.");
        }

        _rules.Remove(rule);
        return [];
    }

    private JsonObject Enable(AwsScope scope, JsonObject input, bool enabled)
    {
        RequireDefaultBus(input);
        _rules.Change(scope, input.Required("Name"), rule => rule with { IsEnabled = enabled });
        return [];
    }

    private JsonObject PutTargets(AwsScope scope, JsonObject input)
    {
        RequireDefaultBus(input);
        var targets = (input["Targets"] as JsonArray ?? []).OfType<JsonObject>().Select(RuleTarget.Parse).ToList();
        _rules.Change(scope, input.Required("Rule"), rule => rule with
        {
            Targets = rule.Targets.RemoveAll(target => targets.Any(put => put.Id == target.Id)).AddRange(targets),
        });
        return NothingFailed();
    }

    private JsonObject ListTargets(AwsScope scope, JsonObject input) => new()
    {
        ["Targets"] = new JsonArray([.. Rule(scope, input, "Rule").Targets.Select(target => target.Document.DeepClone())]),
    };

    private JsonObject RemoveTargets(AwsScope scope, JsonObject input)
    {
        RequireDefaultBus(input);
        var ids = input.Strings("Ids");
        _rules.Change(
            scope, input.Required("Rule"), rule => rule with { Targets = rule.Targets.RemoveAll(target => ids.Contains(target.Id)) });
        return NothingFailed();
    }

    private JsonObject PutEvents(AwsScope scope, JsonObject input)
    {
        var entries = new JsonArray();
        foreach (var entry in (input["Entries"] as JsonArray ?? []).OfType<JsonObject>())
        {
            RequireDefaultBus(entry);
            if (JsonInput.Parse(System.Text.Encoding.UTF8.GetBytes(entry.Text("Detail") ?? "")) is not { Count: > 0 } detail)
            {
                throw new AwsException("ValidationException", "Detail of each entry must be an object in JSON.");
            }

            var @event = EventBridgeEvent.Of(
                scope, entry.Required("Source"), entry.Required("DetailType"), detail, entry.Strings("Resources"), _clock.GetUtcNow());
            _bus.Publish(scope, @event);
            entries.Add((JsonNode)new JsonObject { ["EventId"] = @event["id"]!.DeepClone() });
        }

        return new JsonObject { ["FailedEntryCount"] = 0, ["Entries"] = entries };
    }

    private static JsonObject TestPattern(AwsScope scope, JsonObject input) => new()
    {
        ["Result"] = Parse(input.Required("EventPattern")).Matches(
            JsonInput.Parse(System.Text.Encoding.UTF8.GetBytes(input.Required("Event")))),
    };

    private JsonObject ListTags(AwsScope scope, JsonObject input)
    {
        var tags = _rules.Tags.Find(input.Required("ResourceARN")) ?? throw NotTagged(input);
        return new JsonObject { ["Tags"] = TagJson.List(tags) };
    }

    private JsonObject Tag(AwsScope scope, JsonObject input) =>
        _rules.Tags.Add(input.Required("ResourceARN"), input.TagList()) ? [] : throw NotTagged(input);

    private JsonObject Untag(AwsScope scope, JsonObject input) =>
        _rules.Tags.Remove(input.Required("ResourceARN"), input.Strings("TagKeys")) ? [] : throw NotTagged(input);

    private EventRule Rule(AwsScope scope, JsonObject input, string member)
    {
        RequireDefaultBus(input);
        return _rules.Named(scope, input.Required(member));
    }

    private static JsonObject NothingFailed() => new() { ["FailedEntryCount"] = 0, ["FailedEntries"] = new JsonArray() };

    private static EventPattern Parse(string pattern)
    {
        try
        {
            return EventPattern.Parse(pattern);
        }
        catch (EventPatternException wrong)
        {
            throw new AwsException("InvalidEventPatternException", wrong.Message);
        }
    }

    private static void RequireDefaultBus(JsonObject input)
    {
        var bus = input.Text("EventBusName") ?? "default";
        if (bus != "default" && !bus.EndsWith(":event-bus/default", StringComparison.Ordinal))
        {
            throw AwsException.NotImplemented("events", $"the bus {bus} (default is)");
        }
    }

    private static AwsException NotTagged(JsonObject input) =>
        new("ResourceNotFoundException", $"{input.Text("ResourceARN")} does not exist.");

    private static JsonObject Describe(EventRule rule)
    {
        var output = new JsonObject
        {
            ["Name"] = rule.Name,
            ["Arn"] = rule.Arn,
            ["State"] = rule.IsEnabled ? "ENABLED" : "DISABLED",
            ["EventBusName"] = "default",
            ["CreatedBy"] = rule.Scope.AccountId,
        };
        foreach (var (name, value) in new[]
        {
            ("Description", rule.Description), ("EventPattern", rule.PatternText), ("ScheduleExpression", rule.Schedule?.Expression),
            ("RoleArn", rule.RoleArn),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                output[name] = value;
            }
        }

        return output;
    }
}
