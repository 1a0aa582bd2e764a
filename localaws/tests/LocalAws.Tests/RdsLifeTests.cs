using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalAws.Tests.Harness;
using Npgsql;

namespace LocalAws.Tests;

/// <summary>What becomes of an instance whose server ends by itself, and of one that is deleted before it is there.</summary>
[Collection(GatewayCollection.Name)]
public sealed class RdsLifeTests(SharedGateway shared)
{
    private readonly Gateway _gateway = shared.Gateway;

    [Fact]
    public async Task A_server_that_is_killed_is_started_again_with_its_data_and_the_events_tell_it()
    {
        var connection = await CreateAsync("recovers");
        await RdsInstances.ScalarAsync(connection, "CREATE TABLE kept AS SELECT 7 AS n");

        var killed = await KillAsync("recovers");

        await Eventually.BecomesAsync(
            "another server runs", () => _gateway.ProcessesAsync("rds recovers"), seen => seen.Count == 1 && seen[0] != killed);
        await BecomesAsync("recovers", "available");
        (await RdsInstances.ScalarAsync(connection, "SELECT n FROM kept")).Should().Be("7");
        var events = await EventsAsync("recovers");
        events.Should().Contain("DB instance created").And.Contain($"process {killed} ended with exit code 137")
            .And.Contain("Recovery of the DB instance is complete.");
    }

    [Fact]
    public async Task A_server_that_cannot_be_started_again_makes_the_instance_failed_with_the_reason()
    {
        await CreateAsync("ruined");
        var data = Directory.GetDirectories(Path.GetTempPath(), $"localaws-{_gateway.Port}-ruined-*").Should().ContainSingle().Subject;
        File.Delete(Path.Combine(data, "data", "global", "pg_control"));

        await KillAsync("ruined");

        var description = await BecomesAsync("ruined", "failed");
        const string Reason = "did not start.*pg_control";
        description.Should().MatchRegex($"(?s)<StatusInfos>.*<Normal>false</Normal>.*{Reason}");
        (await EventsAsync("ruined", "failure")).Should().MatchRegex($"(?s)The DB instance has failed while it was rebooting.*{Reason}");
        var health = JsonNode.Parse(await _gateway.Client.GetStringAsync("/_localaws/health"))!;
        health["problems"]!.ToJsonString().Should().Contain("DB instance ruined failed");
        (await _gateway.ProcessesAsync("rds ruined")).Should().BeEmpty();
        await DeleteAsync("ruined");
        await GoneAsync("ruined");
    }

    [Fact]
    public async Task A_server_that_is_killed_again_and_again_is_given_up_with_the_reason()
    {
        const int Borne = 5;
        await CreateAsync("hunted");
        for (var kill = 1; kill <= Borne; kill++)
        {
            var killed = await KillAsync("hunted");
            await Eventually.BecomesAsync(
                $"another server runs after kill {kill}",
                () => _gateway.ProcessesAsync("rds hunted"), seen => seen.Count == 1 && seen[0] != killed);
            await BecomesAsync("hunted", "available");
        }

        var last = await KillAsync("hunted");

        var reason = $"The server ended by itself 6 times within 10 minutes: the server's process {last} ended with exit code 137";
        (await BecomesAsync("hunted", "failed")).Should().Contain(reason);
        (await EventsAsync("hunted", "failure")).Should().Contain("The DB instance has failed while it was rebooting");
        (await _gateway.ProcessesAsync("rds hunted")).Should().BeEmpty();
        await DeleteAsync("hunted");
        await GoneAsync("hunted");
    }

    [Fact]
    public async Task An_instance_that_is_deleted_while_it_is_created_leaves_no_server()
    {
        await StartCreationAsync("brief");
        await Eventually.BecomesAsync(
            "its creation is under way", async () => await _gateway.ProcessesAsync("initdb brief"), seen => seen.Count > 0);

        (await DeleteAsync("brief")).Should().Be(200);
        (await DeleteAsync("brief")).Should().BeOneOf(400, 404);

        await GoneAsync("brief");
        var health = await _gateway.Client.GetStringAsync("/_localaws/health");
        health.Should().NotContain("rds brief").And.NotContain("initdb brief");
        Directory.GetDirectories(Path.GetTempPath(), $"localaws-{_gateway.Port}-brief-*").Should().BeEmpty();
    }

    private async Task<NpgsqlConnectionStringBuilder> CreateAsync(string name)
    {
        await StartCreationAsync(name);
        var description = await BecomesAsync(name, "available");
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(
                Regex.Match(description, "<Port>(\\d+)</Port>").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
            Username = "owner",
            Password = "secret",
            Database = "postgres",
            Pooling = false,
            SslMode = SslMode.Require,
        };
    }

    private async Task StartCreationAsync(string name)
    {
        var (status, body) = await _gateway.QueryAsync(
            "rds",
            "CreateDBInstance",
            ("DBInstanceIdentifier", name),
            ("Engine", "postgres"),
            ("MasterUsername", "owner"),
            ("MasterUserPassword", "secret"));
        status.Should().Be(200, body);
    }

    /// <summary>SIGKILL to the server's main process.</summary>
    private async Task<int> KillAsync(string name)
    {
        var id = (await _gateway.ProcessesAsync($"rds {name}")).Should().ContainSingle().Subject;
        using var server = Process.GetProcessById(id);
        server.Kill();
        return id;
    }

    private async Task<int> DeleteAsync(string name) =>
        (await _gateway.QueryAsync("rds", "DeleteDBInstance", ("DBInstanceIdentifier", name), ("SkipFinalSnapshot", "true"))).Status;

    private async Task GoneAsync(string name) => await Eventually.BecomesAsync(
        $"instance {name} is gone", () =>
            _gateway.QueryAsync("rds", "DescribeDBInstances", ("DBInstanceIdentifier", name)), seen => seen.Status == 404);

    private async Task<string> BecomesAsync(string name, string status) => await Eventually.BecomesAsync(
        $"instance {name} is {status}",
        async () => (await _gateway.QueryAsync("rds", "DescribeDBInstances", ("DBInstanceIdentifier", name))).Body,
        seen => seen.Contains($"<DBInstanceStatus>{status}<", StringComparison.Ordinal));

    private async Task<string> EventsAsync(string name, params string[] categories)
    {
        var (status, body) = await _gateway.QueryAsync(
            "rds",
            "DescribeEvents",
            [
                ("SourceIdentifier", name), ("SourceType", "db-instance"),
                .. categories.Select((category, index) => ($"EventCategories.EventCategory.{index + 1}", category)),
            ]);
        status.Should().Be(200, body);
        return body;
    }
}
