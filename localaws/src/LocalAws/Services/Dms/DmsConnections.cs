using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalAws.Hosting;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Replication;
using LocalAws.Replication.Messages;
using LocalAws.Routing;
using LocalAws.Services.Rds;

namespace LocalAws.Services.Dms;

/// <summary>What an endpoint means to the replicator, and the test of it.</summary>
internal sealed class DmsConnections(
    ScopedStore<DmsState> store,
    ScopedStore<RdsState> databases,
    DmsEndpoints endpoints,
    DmsInstances instances,
    MotoClient moto,
    ChildProcesses processes,
    GatewayOptions options)
{
    public JsonObject Test(AwsScope scope, JsonObject input)
    {
        var endpoint = endpoints.Find(scope, input.Required("EndpointArn"));
        var instance = instances.Find(scope, input.Required("ReplicationInstanceArn"));
        var connection = Connection(instance, endpoint, "testing", "");
        Keep(scope, instance, endpoint, connection);
        _ = Task.Run(() => TestAsync(scope, instance, endpoint, CancellationToken.None));
        return new JsonObject { ["Connection"] = connection.DeepClone() };
    }

    public JsonObject Describe(AwsScope scope, JsonObject input) => new()
    {
        ["Connections"] = new JsonArray(
            [.. DmsFilters.Apply(input, store[scope].Connections.Values, new Dictionary<string, Func<JsonObject, string?>>
        {
            ["endpoint-arn"] = connection => connection.Text("EndpointArn"),
            ["replication-instance-arn"] = connection => connection.Text("ReplicationInstanceArn"),
        }, "No Connections found matching provided filters").Select(connection => connection.DeepClone())]),
    };

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var key = (input.Required("ReplicationInstanceArn"), input.Required("EndpointArn"));
        return store[scope].Connections.TryRemove(key, out var connection)
            ? new JsonObject { ["Connection"] = connection.DeepClone() }
            : throw new AwsException("ResourceNotFoundFault", "No Connections found matching provided filters");
    }

    /// <summary>Tests an endpoint by a process that connects as the task will, and keeps the result.</summary>
    /// <returns>Null when the test succeeded, else why not.</returns>
    public async Task<string?> TestAsync(AwsScope scope, JsonObject instance, DmsEndpoint endpoint, CancellationToken cancellationToken)
    {
        string? failure;
        try
        {
            var spec = endpoint.IsSource
                ? new ConnectionTestSpec { Source = (await SourceAsync(scope, endpoint, cancellationToken)).Source }
                : new ConnectionTestSpec { Target = Target(scope, endpoint) };
            failure = await RunTestAsync(endpoint, spec, cancellationToken);
        }
        catch (Exception wrong) when (!cancellationToken.IsCancellationRequested)
        {
            failure = wrong.Message;
        }

        Keep(scope, instance, endpoint, Connection(instance, endpoint, failure is null ? "successful" : "failed", failure ?? ""));
        return failure;
    }

    /// <summary>The database of a source endpoint, with the user's credentials, and the engine's own connection to it.</summary>
    /// <exception cref="AwsException">The secret cannot be read or lacks a member; the message names it.</exception>
    public async Task<(SourceSpec Source, EngineConnectionSpec Engine)> SourceAsync(
        AwsScope scope, DmsEndpoint endpoint, CancellationToken cancellationToken)
    {
        var shape = endpoint.Shape;
        var settings = shape["PostgreSQLSettings"] as JsonObject ?? [];
        var secret = settings.Text("SecretsManagerSecretId") is { } secretId ? await SecretAsync(scope, secretId, cancellationToken) : null;
        string Member(string name, string? own) =>
            (secret is null ? own : secret[name]?.ToString()) ?? throw new AwsException("InvalidParameterValueException", secret is null
                ? $"Endpoint {endpoint.Identifier} has no {name}."
                : $"The secret {settings.Text("SecretsManagerSecretId")} of endpoint {endpoint.Identifier} has no member "
                    + $"'{name}'. DMS reads username, password, host and port from it.");

        var source = new SourceSpec
        {
            Host = Member("host", shape.Text("ServerName") ?? settings.Text("ServerName")),
            Port = Port(
                endpoint, Member("port", (shape.Integer("Port") ?? settings.Integer("Port"))?.ToString(CultureInfo.InvariantCulture))),
            Database = shape.Text("DatabaseName") ?? settings.Text("DatabaseName") ?? throw new AwsException(
                "InvalidParameterValueException", $"Endpoint {endpoint.Identifier} has no DatabaseName."),
            Username = Member("username", shape.Text("Username") ?? settings.Text("Username")),
            Password = Member("password", endpoint.Password),
            SslMode = shape.Text("SslMode") ?? "none",
            PostgreSQLSettings = JsonSerializer.SerializeToElement(DmsEndpoints.GivenSettings(shape)),
            ExtraConnectionAttributes = shape.Text("ExtraConnectionAttributes"),
        };
        // An instance of this AWS is streamed from by its administrator, because REPLICATION cannot be inherited in stock PostgreSQL; any
        // other server by the user.
        var server = databases.All.SelectMany(state => state.Value.Instances.Values).Select(instance => instance.Server).FirstOrDefault(
            server => server is not null && server.Port == source.Port && source.Host == "127.0.0.1");
        var engine = server is null
            ? new EngineConnectionSpec { Username = source.Username, Password = source.Password }
            : new EngineConnectionSpec { Username = PostgresServer.AdministratorName, Password = server.AdministratorPassword };
        return (source, engine);
    }

    /// <summary>The bucket of a target endpoint, reached through this AWS so that its writes are events like any other.</summary>
    public TargetSpec Target(AwsScope scope, DmsEndpoint endpoint)
    {
        var settings = (JsonObject)(endpoint.Shape["S3Settings"] as JsonObject ?? []).DeepClone();
        return new TargetSpec
        {
            S3Settings = JsonSerializer.SerializeToElement(settings),
            ExtraConnectionAttributes = endpoint.Shape.Text("ExtraConnectionAttributes"),
            EndpointUrl = new Uri(options.EndpointUrl),
            Region = scope.Region,
            AccessKeyId = scope.AccountId,
            SecretAccessKey = "local",
        };
    }

    /// <summary>
    /// Keeps a result, unless instance or endpoint were deleted under the test, after which nothing would remove it, or the endpoint was
    /// changed, after which it says nothing of it.
    /// </summary>
    private void Keep(AwsScope scope, JsonObject instance, DmsEndpoint endpoint, JsonObject connection)
    {
        var state = store[scope];
        var key = (Instance: instance.Required("ReplicationInstanceArn"), Endpoint: endpoint.Arn);
        state.Connections[key] = connection;
        // After it was put: who deletes takes the resource away before its connections.
        if (!state.Instances.ContainsKey(key.Instance) || !ReferenceEquals(state.Endpoints.GetValueOrDefault(key.Endpoint), endpoint))
        {
            state.Connections.TryRemove(key, out _);
        }
    }

    private static int Port(DmsEndpoint endpoint, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue
        ? port
        : throw new AwsException(
            "InvalidParameterValueException",
            $"The port '{text}' of endpoint {endpoint.Identifier} is not a number from 1 to 65535. Correct it in the endpoint, or in the "
            + "secret that the endpoint names.");

    private async Task<JsonObject> SecretAsync(AwsScope scope, string secretId, CancellationToken cancellationToken)
    {
        try
        {
            var value = await moto.JsonAsync(
                scope, "secretsmanager", "secretsmanager.GetSecretValue", new JsonObject { ["SecretId"] = secretId }, cancellationToken);
            return JsonNode.Parse(value.Required("SecretString")) as JsonObject ?? throw new AwsException(
                "InvalidParameterValueException", $"The secret {secretId} is not a JSON object with username, password, host and port.");
        }
        catch (JsonException)
        {
            throw new AwsException(
                "InvalidParameterValueException",
                $"The secret {secretId} is not JSON. DMS reads username, password, host and port from it.");
        }
    }

    private async Task<string?> RunTestAsync(DmsEndpoint endpoint, ConnectionTestSpec spec, CancellationToken cancellationToken)
    {
        ConnectionTestMessage? result = null;
        await using var process = processes.Start(
            new ChildProcessSpec($"dms test {endpoint.Identifier}", options.Replicator, ["test-connection"])
            {
                RedirectInput = true,
                OnOutput = line => result = ReplicatorOutput.Read(line) as ConnectionTestMessage ?? result,
            });
        await process.Input.WriteLineAsync(JsonSerializer.Serialize(spec, ContractJson.Options).AsMemory(), cancellationToken);
        await process.Input.FlushAsync(cancellationToken);
        await process.Completion.WaitAsync(cancellationToken);
        return result switch
        {
            { Successful: true } => null,
            { Message: { } message } => message,
            _ => $"The connection test of {endpoint.Identifier} ended without a result: {process.LastLines()}",
        };
    }

    private static JsonObject Connection(JsonObject instance, DmsEndpoint endpoint, string status, string failure) => new()
    {
        ["ReplicationInstanceArn"] = instance.Required("ReplicationInstanceArn"),
        ["ReplicationInstanceIdentifier"] = instance.Required("ReplicationInstanceIdentifier"),
        ["EndpointArn"] = endpoint.Arn,
        ["EndpointIdentifier"] = endpoint.Identifier,
        ["Status"] = status,
        ["LastFailureMessage"] = failure,
    };
}
