using System.Text.Json;
using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Replication;
using LocalAws.Replication.Settings;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>
/// Endpoints: a PostgreSQL source, an S3 target. Settings that the engine cannot carry out are refused when they are given.
/// </summary>
internal sealed class DmsEndpoints(ScopedStore<DmsState> store)
{
    private static readonly string[] Echoed =
    [
        "EndpointIdentifier", "EngineName", "Username", "ServerName", "Port", "DatabaseName", "ExtraConnectionAttributes", "KmsKeyId",
        "CertificateArn", "ServiceAccessRoleArn", "ExternalTableDefinition",
    ];

    private static readonly string[] SettingsMembers = ["S3Settings", "PostgreSQLSettings"];

    public JsonObject Create(AwsScope scope, JsonObject input)
    {
        var identifier = input.Required("EndpointIdentifier").ToLowerInvariant();
        var state = store[scope];
        if (state.Endpoints.Values.Any(other => other.Identifier == identifier))
        {
            throw new AwsException("ResourceAlreadyExistsFault", $"Endpoint {identifier} already exists.");
        }

        var type = input.Required("EndpointType").ToUpperInvariant();
        var engine = input.Required("EngineName").ToLowerInvariant();
        if ((type, engine) is not (("SOURCE", "postgres") or ("TARGET", "s3")))
        {
            throw AwsException.NotImplemented(
                "dms", $"CreateEndpoint of a {type.ToLowerInvariant()} with the engine {engine} (a postgres source and an s3 target are)");
        }

        var arn = scope.Arn("dms", $"endpoint:{input.Text("ResourceIdentifier") ?? DmsIds.New()}");
        var shape = new JsonObject
        {
            ["EndpointArn"] = arn,
            ["EndpointType"] = type,
            ["EngineDisplayName"] = engine == "s3" ? "Amazon S3" : "PostgreSQL",
            ["Status"] = "active",
            ["SslMode"] = input.Text("SslMode") ?? "none",
        };
        Copy(input, shape);
        // DMS returns a KMS key for source endpoints only; an S3 endpoint's key is a setting of its own.
        if (engine != "s3")
        {
            shape["KmsKeyId"] ??= scope.Arn("kms", "key/" + Guid.NewGuid());
        }

        shape["EndpointIdentifier"] = identifier;
        Check(shape);
        state.Endpoints[arn] = new DmsEndpoint(shape, PasswordOf(input));
        state.Tags.Create(arn, input.TagList());
        return new JsonObject { ["Endpoint"] = shape.DeepClone() };
    }

    public JsonObject Modify(AwsScope scope, JsonObject input)
    {
        var endpoint = Find(scope, input.Required("EndpointArn"));
        var users = store[scope].Tasks.Values.Where(
            task => task.IsActive && (task.SourceArn == endpoint.Arn || task.TargetArn == endpoint.Arn)).ToList();
        if (users.Count > 0)
        {
            throw new AwsException(
                "InvalidResourceStateFault",
                $"Endpoint {endpoint.Identifier} cannot be modified while the replication task {users[0].Identifier} is running. Stop the "
                + "task first.");
        }

        var changed = (JsonObject)endpoint.Shape.DeepClone();
        Copy(input, changed);
        if (input.Text("SslMode") is { } ssl)
        {
            changed["SslMode"] = ssl;
        }

        Check(changed);
        store[scope].Endpoints[endpoint.Arn] = new DmsEndpoint(changed, PasswordOf(input) ?? endpoint.Password);
        foreach (var connection in store[scope].Connections.Keys.Where(key => key.Endpoint == endpoint.Arn).ToList())
        {
            // The test was one of the old settings.
            store[scope].Connections.TryRemove(connection, out _);
        }

        return new JsonObject { ["Endpoint"] = changed.DeepClone() };
    }

    public JsonObject Describe(AwsScope scope, JsonObject input) => new()
    {
        ["Endpoints"] = new JsonArray(
            [.. DmsFilters.Apply(input, store[scope].Endpoints.Values, new Dictionary<string, Func<DmsEndpoint, string?>>
        {
            ["endpoint-id"] = endpoint => endpoint.Identifier,
            ["endpoint-arn"] = endpoint => endpoint.Arn,
            ["endpoint-type"] = endpoint => endpoint.Shape.Text("EndpointType"),
            ["engine-name"] = endpoint => endpoint.Shape.Text("EngineName"),
        }, "No Endpoints found matching provided filters").Select(endpoint => endpoint.Shape.DeepClone())]),
    };

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var endpoint = Find(scope, input.Required("EndpointArn"));
        var state = store[scope];
        if (state.Tasks.Values.FirstOrDefault(task => task.SourceArn == endpoint.Arn || task.TargetArn == endpoint.Arn) is { } user)
        {
            throw new AwsException(
                "InvalidResourceStateFault", $"Endpoint {endpoint.Identifier} is part of the replication task {user.Identifier}.");
        }

        state.Endpoints.TryRemove(endpoint.Arn, out _);
        state.Tags.Forget(endpoint.Arn);
        foreach (var connection in state.Connections.Keys.Where(key => key.Endpoint == endpoint.Arn).ToList())
        {
            state.Connections.TryRemove(connection, out _);
        }

        var deleted = (JsonObject)endpoint.Shape.DeepClone();
        deleted["Status"] = "deleting";
        return new JsonObject { ["Endpoint"] = deleted };
    }

    public DmsEndpoint Find(AwsScope scope, string arn) =>
        store[scope].Endpoints.GetValueOrDefault(arn) ?? throw new AwsException("ResourceNotFoundFault", $"Endpoint {arn} not found.");

    private static void Copy(JsonObject input, JsonObject shape)
    {
        foreach (var member in Echoed)
        {
            if (input[member] is { } value)
            {
                shape[member] = value.DeepClone();
            }
        }

        foreach (var member in SettingsMembers)
        {
            if (input[member] is JsonObject settings)
            {
                // ModifyEndpoint with ExactSettings replaces, without it merges.
                var merged = input.Boolean("ExactSettings") ?? false ? [] : shape[member] as JsonObject ?? [];
                foreach (var (name, value) in settings)
                {
                    merged[name] = value?.DeepClone();
                }

                merged.Remove("Password");
                shape[member] = merged.Parent is null ? merged : merged.DeepClone();
            }
        }
    }

    private static void Check(JsonObject shape)
    {
        try
        {
            var attributes = shape.Text("ExtraConnectionAttributes");
            if (shape["S3Settings"] is { } target)
            {
                _ = S3TargetSettings.Parse(JsonSerializer.SerializeToElement(target), attributes);
            }
            else
            {
                _ = PostgreSqlSourceSettings.Parse(JsonSerializer.SerializeToElement(GivenSettings(shape)), attributes);
            }
        }
        catch (ReplicationException refused)
        {
            throw new AwsException("InvalidParameterValueException", refused.Message);
        }
    }

    /// <summary>
    /// The source settings that somebody gave: Terraform sends every number that nobody set as 0, which DMS reads as its default.
    /// </summary>
    public static JsonObject GivenSettings(JsonObject shape)
    {
        var settings = (JsonObject)(shape["PostgreSQLSettings"] as JsonObject ?? []).DeepClone();
        var zeros = settings.Where(item => item.Value is JsonValue value && value.TryGetValue<int>(out var number) && number == 0);
        foreach (var name in zeros.Select(item => item.Key).ToList())
        {
            settings.Remove(name);
        }

        return settings;
    }

    private static string? PasswordOf(JsonObject input) =>
        input.Text("Password") ?? input["PostgreSQLSettings"]?["Password"]?.GetValue<string>();
}
