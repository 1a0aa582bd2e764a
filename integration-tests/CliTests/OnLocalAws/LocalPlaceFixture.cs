using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cdc.Harness;
using Cdc.Harness.Local;
using Cdc.Harness.Waiting;

namespace Cdc.Cli.Tests.OnLocalAws;

/// <summary>A local AWS with a database server and a replication instance, on which each test makes a pipeline of its own.</summary>
public sealed class LocalPlaceFixture : IAsyncLifetime, IDisposable
{
    private const string Name = "place";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // A folder of one name: what a run that was killed left behind is cleared by the next.
    private static readonly string Folder = Path.Combine(RepositoryLayout.Local, "stack", "cli-tests");

    private readonly LocalStack _stack = new(Folder);
    private HttpClient? _http;

    /// <summary>Port of the database server.</summary>
    public int DatabasePort { get; private set; }

    /// <summary>ARN of the replication instance.</summary>
    public string InstanceArn { get; private set; } = "";

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _stack.StopAsync(limit.Token);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        Directory.CreateDirectory(Folder);
        var port = await _stack.StartAsync(limit.Token);
        AwsEnvironment.Enter(port);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        var server = CreateServerAsync(limit.Token);
        InstanceArn = await CreateInstanceAsync(limit.Token);
        DatabasePort = await server;
    }

    public Task DisposeAsync() => _stack.StopAsync(CancellationToken.None);

    public void Dispose() => _http?.Dispose();

    /// <summary>Calls an operation of DMS.</summary>
    public async Task<JsonObject> DmsAsync(string operation, JsonObject input, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = JsonContent.Create(input) };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AmazonDMSv20160101.{operation}");
        return JsonNode.Parse(await SendAsync(request, "dms", cancellationToken)) as JsonObject ?? throw new JsonException(operation);
    }

    private async Task<int> CreateServerAsync(CancellationToken cancellationToken)
    {
        await QueryAsync(
            "rds", "CreateDBParameterGroup", cancellationToken,
            ("DBParameterGroupName", Name), ("DBParameterGroupFamily", "postgres17"), ("Description", "d"));
        await QueryAsync(
            "rds", "ModifyDBParameterGroup", cancellationToken,
            ("DBParameterGroupName", Name),
            ("Parameters.Parameter.1.ParameterName", "rds.logical_replication"),
            ("Parameters.Parameter.1.ParameterValue", "1"),
            ("Parameters.Parameter.1.ApplyMethod", "pending-reboot"));
        await QueryAsync(
            "rds", "CreateDBInstance", cancellationToken,
            ("DBInstanceIdentifier", Name), ("Engine", "postgres"), ("EngineVersion", "17"), ("DBName", "first"),
            ("MasterUsername", LocalPipeline.User), ("MasterUserPassword", LocalPipeline.Password), ("DBParameterGroupName", Name));
        var description = await Eventually.BecomesAsync(
            "the database server is available",
            token => QueryAsync("rds", "DescribeDBInstances", token, ("DBInstanceIdentifier", Name)),
            seen => seen.Contains(">available<", StringComparison.Ordinal),
            Limit,
            cancellationToken);
        return int.Parse(Regex.Match(description, "<Port>(\\d+)</Port>").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private async Task<string> CreateInstanceAsync(CancellationToken cancellationToken)
    {
        // DMS works in a VPC by this role, and asks for it.
        await QueryAsync(
            "iam", "CreateRole", cancellationToken,
            ("Version", "2010-05-08"),
            ("RoleName", "dms-vpc-role"),
            ("AssumeRolePolicyDocument", """{"Version":"2012-10-17","Statement":[]}"""));
        var subnets = await QueryAsync("ec2", "DescribeSubnets", cancellationToken, ("Version", "2016-11-15"));
        await DmsAsync(
            "CreateReplicationSubnetGroup",
            new JsonObject
            {
                ["ReplicationSubnetGroupIdentifier"] = Name,
                ["ReplicationSubnetGroupDescription"] = "d",
                ["SubnetIds"] = new JsonArray(
                    [.. Regex.Matches(subnets, "<subnetId>(.+?)</subnetId>").Select(match => (JsonNode)match.Groups[1].Value).Take(2)]),
            },
            cancellationToken);
        var created = await DmsAsync(
            "CreateReplicationInstance",
            new JsonObject
            {
                ["ReplicationInstanceIdentifier"] = Name,
                ["ReplicationInstanceClass"] = "dms.t3.micro",
                ["ReplicationSubnetGroupIdentifier"] = Name,
            },
            cancellationToken);
        return created["ReplicationInstance"]!["ReplicationInstanceArn"]!.GetValue<string>();
    }

    private Task<string> QueryAsync(
        string service, string action, CancellationToken cancellationToken, params (string Name, string Value)[] parameters)
    {
        var form = parameters.Append(("Action", action)).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2));
        var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new FormUrlEncodedContent(form) };
        return SendAsync(request, service, cancellationToken);
    }

    private async Task<string> SendAsync(HttpRequestMessage request, string service, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await _http!.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? body : throw new InvalidOperationException($"{response.StatusCode}: {body}");
    }
}
