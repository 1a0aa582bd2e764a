using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Athena;

/// <summary>Work groups and their tags. A group is kept as the API shows it, and swapped as a whole when it changes.</summary>
internal sealed class WorkGroupOperations(ScopedStore<AthenaState> store, TimeProvider clock)
{
    public JsonObject Create(AwsScope scope, JsonObject input)
    {
        var name = input.Required("Name", "InvalidRequestException");
        var configuration = input["Configuration"]?.DeepClone() as JsonObject ?? [];
        configuration["EngineVersion"] = new JsonObject
        {
            ["SelectedEngineVersion"] = "AUTO",
            ["EffectiveEngineVersion"] = "Athena engine version 3",
        };
        var group = new JsonObject
        {
            ["Name"] = name,
            ["State"] = "ENABLED",
            ["Description"] = input.Text("Description"),
            ["Configuration"] = configuration,
            ["CreationTime"] = JsonInput.Epoch(clock.GetUtcNow()),
        };
        if (!store[scope].WorkGroups.TryAdd(name, group))
        {
            throw new AwsException("InvalidRequestException", $"WorkGroup already exists: {name}");
        }

        store[scope].Tags.Create(Arn(scope, name), input.TagList());
        return [];
    }

    public JsonObject Get(AwsScope scope, JsonObject input) =>
        new() { ["WorkGroup"] = Find(scope, input.Required("WorkGroup")).DeepClone() };

    public JsonObject List(AwsScope scope, JsonObject input) => new()
    {
        ["WorkGroups"] = new JsonArray(
            [
                .. store[scope].WorkGroups.Values.Select(
                    group => new JsonObject { ["Name"] = group.Text("Name"), ["State"] = group.Text("State") })
            ]),
    };

    public JsonObject Update(AwsScope scope, JsonObject input)
    {
        var name = input.Required("WorkGroup", "InvalidRequestException");
        var group = (JsonObject)Find(scope, name).DeepClone();
        foreach (var member in new[] { "Description", "State" })
        {
            if (input[member] is { } value)
            {
                group[member] = value.DeepClone();
            }
        }

        var configuration = (JsonObject)group["Configuration"]!;
        foreach (var (member, value) in input["ConfigurationUpdates"] as JsonObject ?? [])
        {
            configuration[member == "ResultConfigurationUpdates" ? "ResultConfiguration" : member] = value?.DeepClone();
        }

        store[scope].WorkGroups[name] = group;
        return [];
    }

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var name = input.Required("WorkGroup", "InvalidRequestException");
        var state = store[scope];
        var queries = state.Queries.Values.Where(query => query.WorkGroup == name).ToList();
        if (queries.Count > 0 && !(input.Boolean("RecursiveDeleteOption") ?? false))
        {
            throw new AwsException("InvalidRequestException", $"WorkGroup {name} is not empty");
        }

        state.WorkGroups.TryRemove(name, out _);
        state.Tags.Forget(Arn(scope, name));
        foreach (var query in queries)
        {
            state.Queries.TryRemove(query.Id, out _);
            // No request can reach it any more.
            query.Stopping.Cancel();
        }

        return [];
    }

    public JsonObject Tags(AwsScope scope, JsonObject input) =>
        new() { ["Tags"] = TagJson.List(store[scope].Tags.Find(Arn(input)) ?? throw NotFound(input)) };

    public JsonObject Tag(AwsScope scope, JsonObject input) =>
        store[scope].Tags.Add(Arn(input), input.TagList()) ? [] : throw NotFound(input);

    public JsonObject Untag(AwsScope scope, JsonObject input) =>
        store[scope].Tags.Remove(Arn(input), input.Strings("TagKeys")) ? [] : throw NotFound(input);

    /// <exception cref="AwsException">There is no such group.</exception>
    public JsonObject Find(AwsScope scope, string name) =>
        store[scope].WorkGroups.GetValueOrDefault(name)
            ?? throw new AwsException("InvalidRequestException", $"WorkGroup is not found: {name}.");

    private static string Arn(AwsScope scope, string name) => scope.Arn("athena", $"workgroup/{name}");

    private static string Arn(JsonObject input) => input.Required("ResourceARN");

    private static AwsException NotFound(JsonObject input) => new("ResourceNotFoundException", $"{Arn(input)} does not exist.");
}
