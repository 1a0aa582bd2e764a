using System.Net;
using System.Net.Sockets;
using System.Text;
using Cdc.Harness.Local;

namespace Cdc.Harness.Tests;

/// <summary>What is believed of a local AWS, by what a port answers.</summary>
public sealed class StackHealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task One_that_is_ready_tells_its_processes_and_what_has_failed()
    {
        var health = await HealthAsync(
            "200 OK",
            """{"status":"ready","port":1,"processes":[{"name":"moto","id":7}],"problems":["DB instance shop failed: no room."]}""");

        health!.IsReady.Should().BeTrue();
        health.Processes.Should().Equal(("moto", 7));
        health.Problems.Should().Equal("DB instance shop failed: no room.");
    }

    [Fact]
    public async Task One_that_has_failed_is_not_ready_and_says_why()
    {
        var health = await HealthAsync("503 Service Unavailable", """{"status":"failed","port":1,"reason":"moto has ended."}""");

        health!.IsReady.Should().BeFalse();
        health.Reason.Should().Be("moto has ended.");
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task A_program_that_is_no_local_AWS_is_none(string body) => (await HealthAsync("200 OK", body)).Should().BeNull();

    [Fact]
    public async Task A_port_where_nothing_listens_has_none()
    {
        using var limit = new CancellationTokenSource(Limit);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        (await LocalStack.HealthAsync(port, limit.Token)).Should().BeNull();
    }

    /// <summary>The health as one answer of a port tells it.</summary>
    private static async Task<StackHealth?> HealthAsync(string status, string body)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asking = LocalStack.HealthAsync(((IPEndPoint)listener.LocalEndpoint).Port, limit.Token);
        using var client = await listener.AcceptTcpClientAsync(limit.Token);
        var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[4096], 4, throwOnEndOfStream: false, limit.Token);
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes(
                $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
                + $"Connection: close\r\n\r\n{body}"),
            limit.Token);
        return await asking;
    }
}
