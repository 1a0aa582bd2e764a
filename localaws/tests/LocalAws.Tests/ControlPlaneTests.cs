using System.Diagnostics;
using System.Text.Json.Nodes;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

public sealed class ControlPlaneTests
{
    [Fact]
    public async Task A_request_that_moto_does_not_answer_may_be_tried_again()
    {
        await using var gateway = await Gateway.StartAsync();
        var health = JsonNode.Parse(await gateway.Client.GetStringAsync("/_localaws/health"))!;
        var id = health["processes"]!.AsArray().Single(process => process!["name"]!.GetValue<string>() == "moto")!["id"]!.GetValue<int>();
        using (var moto = Process.GetProcessById(id))
        {
            moto.Kill();
        }

        await Eventually.TrueAsync("the loss of moto is told", async () =>
        {
            using var list = new HttpRequestMessage(HttpMethod.Get, "/");
            var (status, body) = await gateway.SendAsync(list, "s3");
            // SDKs try 503 again, and 400 never.
            return (status == 503 && body.ToJsonString().Contains("ServiceUnavailable", StringComparison.Ordinal), body.ToJsonString());
        });
        (await gateway.Client.GetAsync("/_localaws/health")).IsSuccessStatusCode.Should().BeTrue();
    }
}
