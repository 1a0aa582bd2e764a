using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalAws.Tests.Harness;
using Npgsql;

namespace LocalAws.Tests;

/// <summary>The life of a task through DMS's API, with a real database and a real replicator behind it.</summary>
[Collection(GatewayCollection.Name)]
public sealed class DmsTests(SharedGateway shared)
{
    private readonly Gateway _gateway = shared.Gateway;

    [Fact]
    public async Task A_connection_whose_secret_has_no_usable_port_fails_and_says_so()
    {
        var instance = await CreateInstanceAsync("no-port");
        var source = await CreateSourceAsync("no-port", "five");
        await DmsAsync("TestConnection", new JsonObject { ["ReplicationInstanceArn"] = instance, ["EndpointArn"] = source });
        await Eventually.TrueAsync("the test ends", async () =>
        {
            var connections = await DmsAsync("DescribeConnections", Filter("endpoint-arn", source));
            var connection = connections["Connections"]![0]!;
            var message = connection["LastFailureMessage"]?.GetValue<string>() ?? "";
            var explained = message.Contains("The port 'five' of endpoint no-port", StringComparison.Ordinal);
            return (connection["Status"]!.GetValue<string>() == "failed" && explained, connection.ToJsonString());
        });
    }

    [Fact]
    public async Task An_instance_that_is_deleted_under_a_connection_test_leaves_no_connection()
    {
        // A database that takes the connection and says nothing: the test lasts until it goes.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var instance = await CreateInstanceAsync("silent");
        var source = await CreateSourceAsync("silent", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port);
        await DmsAsync("TestConnection", new JsonObject { ["ReplicationInstanceArn"] = instance, ["EndpointArn"] = source });
        using (var connected = await silent.AcceptSocketAsync())
        {
            await DmsAsync("DeleteReplicationInstance", new JsonObject { ["ReplicationInstanceArn"] = instance });
        }

        silent.Stop();
        await Eventually.BecomesAsync("the test has ended", () => _gateway.ProcessesAsync("dms test silent"), seen => seen.Count == 0);
        // Its result is kept, or not, in the same moment; a connection that stays would be there now and later.
        await Eventually.BecomesAsync(
            "nothing of the instance is left",
            () => _gateway.Client.GetStringAsync("/_localaws/inventory"),
            seen => !seen.Contains(instance, StringComparison.Ordinal));
        await DmsAsync("DeleteEndpoint", new JsonObject { ["EndpointArn"] = source });
    }

    [Fact]
    public async Task A_task_starts_once_fails_when_its_process_dies_and_goes_on_where_it_was()
    {
        var database = await CreateDatabaseAsync("lives");
        await ScalarAsync(database, "CREATE TABLE t (id int PRIMARY KEY)");
        var task = await CreateTaskAsync("lives", "lived", database);

        // As an SDK that repeats a call whose answer it did not get.
        var starts = await Task.WhenAll(StartAsync(task, "start-replication"), StartAsync(task, "start-replication"));
        starts.Select(start => start.Status)
            .Should()
            .BeEquivalentTo([200, 400], string.Join('\n', starts.Select(start => start.Body.ToJsonString())));
        await BecomesAsync(task, "running");
        await LoadedAsync(task);

        var process = (await _gateway.ProcessesAsync("dms lives")).Should().ContainSingle().Subject;
        using (var replicator = Process.GetProcessById(process))
        {
            replicator.Kill();
        }

        await BecomesAsync(task, "failed");
        (await _gateway.Client.GetStringAsync("/_localaws/health")).Should().Contain(
            "Replication task lives failed: The replication task's process ended with exit code 137");
        await ScalarAsync(database, "INSERT INTO t VALUES (7)");
        (await StartAsync(task, "resume-processing")).Status.Should().Be(200);
        await Eventually.TrueAsync("the row that was written meanwhile is in the bucket", async () =>
        {
            using var list = new HttpRequestMessage(HttpMethod.Get, "/lived?list-type=2&prefix=raw/public/t/2");
            var (_, listing) = await _gateway.SendAsync(list, "s3");
            return (
                listing["text"]!.GetValue<string>().Contains("<Key>", StringComparison.Ordinal),
                listing.ToJsonString() + await DescribeAsync(task));
        });

        await DmsAsync("StopReplicationTask", new JsonObject { ["ReplicationTaskArn"] = task });
        await BecomesAsync(task, "stopped");
        (await ScalarAsync(database, "SELECT count(*) FROM pg_replication_slots")).Should().Be(1L);
        await DmsAsync("DeleteReplicationTask", new JsonObject { ["ReplicationTaskArn"] = task });
        await Eventually.TrueAsync("the task is gone", async () =>
        {
            var (status, body) = await _gateway.JsonAsync(
                "dms", "AmazonDMSv20160101.DescribeReplicationTasks", Filter("replication-task-arn", task));
            return (status == 400, body.ToJsonString());
        });
        (await ScalarAsync(database, "SELECT count(*) FROM pg_replication_slots")).Should().Be(0L);
    }

    [Fact]
    public async Task Tables_of_a_running_task_are_reloaded_and_no_others()
    {
        var database = await CreateDatabaseAsync("reloads");
        await ScalarAsync(database, "CREATE TABLE t (id int PRIMARY KEY)");
        var task = await CreateTaskAsync("reloads", "reloaded", database);
        (await ReloadAsync(task, ["t"])).Body["message"]!.GetValue<string>().Should().Contain("does not have the table public.t");
        (await StartAsync(task, "start-replication")).Status.Should().Be(200);
        var first = await LoadedAsync(task);
        first["FullLoadReloaded"]!.GetValue<bool>().Should().BeFalse();
        await ScalarAsync(database, "INSERT INTO t SELECT generate_series(1, 5)");

        (await ReloadAsync(task, ["t"])).Status.Should().Be(200);
        var second = await LoadedAsync(task, after: first["FullLoadStartTime"]!.GetValue<double>());
        second["FullLoadReloaded"]!.GetValue<bool>().Should().BeTrue();
        second["FullLoadRows"]!.GetValue<int>().Should().Be(5);
        second["FullLoadEndTime"]!.GetValue<double>().Should().BeGreaterThanOrEqualTo(second["FullLoadStartTime"]!.GetValue<double>());

        ShouldSay(await ReloadAsync(task, []), "InvalidParameterValueException");
        ShouldSay(await ReloadAsync(task, ["t", "t"]), "a table twice");
        ShouldSay(await ReloadAsync(task, [.. Enumerable.Range(1, 11).Select(n => $"t{n}")]), "it takes 1 to 10");
        ShouldSay(await ReloadAsync(task, ["other"]), "does not have the table public.other");
        (await ReloadAsync(task, ["t"], "validate-only")).Status.Should().Be(501);

        await DmsAsync("StopReplicationTask", new JsonObject { ["ReplicationTaskArn"] = task });
        await BecomesAsync(task, "stopped");
        ShouldSay(await ReloadAsync(task, ["t"]), "is stopped");
        await DmsAsync("DeleteReplicationTask", new JsonObject { ["ReplicationTaskArn"] = task });
    }

    private static void ShouldSay((int Status, JsonObject Body) answer, string text)
    {
        answer.Status.Should().Be(400);
        answer.Body.ToJsonString().Should().Contain(text);
    }

    private Task<(int Status, JsonObject Body)> ReloadAsync(string task, string[] tables, string option = "data-reload") =>
        _gateway.JsonAsync("dms", "AmazonDMSv20160101.ReloadTables", new JsonObject
        {
            ["ReplicationTaskArn"] = task,
            ["TablesToReload"] = new JsonArray(
                [.. tables.Select(table => (JsonNode)new JsonObject { ["SchemaName"] = "public", ["TableName"] = table })]),
            ["ReloadOption"] = option,
        });

    /// <summary>Waits until the task's one table is loaded.</summary>
    /// <returns>Its statistics.</returns>
    private async Task<JsonObject> LoadedAsync(string task, double after = 0)
    {
        JsonObject? table = null;
        await Eventually.TrueAsync("the table is loaded", async () =>
        {
            var statistics = await DmsAsync("DescribeTableStatistics", new JsonObject { ["ReplicationTaskArn"] = task });
            table = statistics["TableStatistics"]!.AsArray().OfType<JsonObject>().SingleOrDefault();
            return (
                table?["TableState"]!.GetValue<string>() == "Table completed" && table["FullLoadStartTime"]!.GetValue<double>() > after,
                statistics.ToJsonString());
        });
        return table!;
    }

    /// <summary>A task of the table t of a database, into a new bucket.</summary>
    /// <returns>Its ARN.</returns>
    private async Task<string> CreateTaskAsync(string name, string bucket, string database)
    {
        await _gateway.PutAsync(bucket, "before", []);
        var instance = await CreateInstanceAsync(name);
        var source = await CreateSourceAsync(name, new NpgsqlConnectionStringBuilder(database).Port);
        var target = (await DmsAsync("CreateEndpoint", new JsonObject
        {
            ["EndpointIdentifier"] = $"{name}-target",
            ["EndpointType"] = "target",
            ["EngineName"] = "s3",
            ["S3Settings"] = new JsonObject
            {
                ["BucketName"] = bucket,
                ["BucketFolder"] = "raw",
                ["DataFormat"] = "csv",
                ["CdcMaxBatchInterval"] = 1,
                ["ServiceAccessRoleArn"] = "arn:aws:iam::123456789012:role/r",
            },
        }))["Endpoint"]!["EndpointArn"]!.GetValue<string>();
        return (await DmsAsync("CreateReplicationTask", new JsonObject
        {
            ["ReplicationTaskIdentifier"] = name,
            ["SourceEndpointArn"] = source,
            ["TargetEndpointArn"] = target,
            ["ReplicationInstanceArn"] = instance,
            ["MigrationType"] = "full-load-and-cdc",
            ["TableMappings"] =
                """
                {"rules":[{"rule-type":"selection","rule-id":"1","rule-name":"1","rule-action":"include",
                  "object-locator":{"schema-name":"public","table-name":"t"}}]}
                """,
        }))["ReplicationTask"]!["ReplicationTaskArn"]!.GetValue<string>();
    }

    private Task<(int Status, JsonObject Body)> StartAsync(string task, string type) =>
        _gateway.JsonAsync(
            "dms",
            "AmazonDMSv20160101.StartReplicationTask",
            new JsonObject { ["ReplicationTaskArn"] = task, ["StartReplicationTaskType"] = type });

    private async Task<string> DescribeAsync(string task) =>
        (await DmsAsync("DescribeReplicationTasks", Filter("replication-task-arn", task))).ToJsonString();

    private Task BecomesAsync(string task, string status) => Eventually.TrueAsync($"the task is {status}", async () =>
    {
        var found = (await DmsAsync("DescribeReplicationTasks", Filter("replication-task-arn", task)))["ReplicationTasks"]![0]!;
        return (found["Status"]!.GetValue<string>() == status, found["Status"] + " " + found["LastFailureMessage"]);
    });

    private async Task<string> CreateInstanceAsync(string name)
    {
        // DMS works in a VPC by this role, and asks for it.
        await _gateway.QueryAsync(
            "iam",
            "CreateRole",
            ("Version", "2010-05-08"),
            ("RoleName", "dms-vpc-role"),
            ("AssumeRolePolicyDocument", """{"Version":"2012-10-17","Statement":[]}"""));
        var (_, subnets) = await _gateway.QueryAsync("ec2", "DescribeSubnets", ("Version", "2016-11-15"));
        await DmsAsync("CreateReplicationSubnetGroup", new JsonObject
        {
            ["ReplicationSubnetGroupIdentifier"] = name,
            ["ReplicationSubnetGroupDescription"] = "d",
            ["SubnetIds"] = new JsonArray(
                [.. Regex.Matches(subnets, "<subnetId>(.+?)</subnetId>").Select(match => (JsonNode)match.Groups[1].Value).Take(2)]),
        });
        var created = await DmsAsync("CreateReplicationInstance", new JsonObject
        {
            ["ReplicationInstanceIdentifier"] = name,
            ["ReplicationInstanceClass"] = "dms.t3.micro",
            ["ReplicationSubnetGroupIdentifier"] = name,
        });
        return created["ReplicationInstance"]!["ReplicationInstanceArn"]!.GetValue<string>();
    }

    private async Task<string> CreateSourceAsync(string name, JsonNode port)
    {
        var secret = new JsonObject { ["username"] = "owner", ["password"] = "secret", ["host"] = "127.0.0.1", ["port"] = port };
        await _gateway.JsonAsync(
            "secretsmanager", "secretsmanager.CreateSecret", new JsonObject { ["Name"] = name, ["SecretString"] = secret.ToJsonString() });
        var created = await DmsAsync("CreateEndpoint", new JsonObject
        {
            ["EndpointIdentifier"] = name,
            ["EndpointType"] = "source",
            ["EngineName"] = "postgres",
            ["DatabaseName"] = "shop",
            ["SslMode"] = "require",
            ["PostgreSQLSettings"] = new JsonObject { ["SecretsManagerSecretId"] = name },
        });
        return created["Endpoint"]!["EndpointArn"]!.GetValue<string>();
    }

    /// <summary>An instance with a logical log.</summary>
    /// <returns>How to connect to it.</returns>
    private async Task<string> CreateDatabaseAsync(string name)
    {
        await _gateway.QueryAsync(
            "rds",
            "CreateDBParameterGroup",
            ("DBParameterGroupName", name),
            ("DBParameterGroupFamily", "postgres16"),
            ("Description", "d"));
        await _gateway.QueryAsync("rds", "ModifyDBParameterGroup", ("DBParameterGroupName", name),
            ("Parameters.Parameter.1.ParameterName", "rds.logical_replication"),
            ("Parameters.Parameter.1.ParameterValue", "1"),
            ("Parameters.Parameter.1.ApplyMethod", "pending-reboot"));
        await _gateway.QueryAsync(
            "rds",
            "CreateDBInstance",
            ("DBInstanceIdentifier", name),
            ("Engine", "postgres"),
            ("EngineVersion", "16"),
            ("DBName", "shop"),
            ("MasterUsername", "owner"), ("MasterUserPassword", "secret"), ("DBParameterGroupName", name));
        var description = "";
        await Eventually.TrueAsync("the instance is available", async () =>
        {
            (_, description) = await _gateway.QueryAsync("rds", "DescribeDBInstances", ("DBInstanceIdentifier", name));
            return (description.Contains(">available<", StringComparison.Ordinal), description);
        });
        var port = Regex.Match(description, "<Port>(\\d+)</Port>").Groups[1].Value;
        return $"Host=127.0.0.1;Port={port};Username=owner;Password=secret;Database=shop;Pooling=false";
    }

    private async Task<JsonObject> DmsAsync(string operation, JsonObject input)
    {
        var (status, body) = await _gateway.JsonAsync("dms", "AmazonDMSv20160101." + operation, input);
        status.Should().Be(200, body.ToJsonString());
        return body;
    }

    private static JsonObject Filter(string name, string value) =>
        new() { ["Filters"] = new JsonArray(new JsonObject { ["Name"] = name, ["Values"] = new JsonArray(value) }) };

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
