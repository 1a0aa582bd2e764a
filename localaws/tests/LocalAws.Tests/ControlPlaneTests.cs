using System.Diagnostics;
using System.Text.Json.Nodes;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

public sealed class ControlPlaneTests
{
    [Fact]
    public async Task When_moto_is_killed_health_says_so_and_every_request_is_refused_for_good()
    {
        await using var gateway = await Gateway.StartAsync();
        using (var moto = Process.GetProcessById((await gateway.ProcessesAsync("moto")).Single()))
        {
            moto.Kill();
        }

        var health = await Eventually.BecomesAsync(
            "health has the reason", () => HealthAsync(gateway), seen => seen.Body["status"]!.GetValue<string>() == "failed");
        health.Status.Should().Be(503);
        health.Body["reason"]!.GetValue<string>().Should().Contain("moto").And.Contain("exit code 137").And.Contain("its state is lost");
        // One that moto would answer and one that the gateway answers itself.
        using var list = new HttpRequestMessage(HttpMethod.Get, "/");
        await RefusedAsync(gateway.SendAsync(list, "s3"));
        await RefusedAsync(gateway.JsonAsync("dms", "AmazonDMSv20160101.DescribeEndpoints", []));
    }

    private static async Task RefusedAsync(Task<(int Status, JsonObject Body)> answering)
    {
        var (status, body) = await answering;
        // SDKs try 500 and 503 again, and 400 never.
        status.Should().Be(400);
        body.ToJsonString().Should().Contain("LocalAwsFailure").And.Contain("its state is lost");
    }

    private static async Task<(int Status, JsonNode Body)> HealthAsync(Gateway gateway)
    {
        using var answer = await gateway.Client.GetAsync("/_localaws/health");
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
