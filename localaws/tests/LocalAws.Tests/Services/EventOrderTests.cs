using System.Collections.Concurrent;
using System.Text;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.S3;
using LocalAws.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace LocalAws.Tests.Services;

public sealed class EventOrderTests
{
    [Fact]
    public async Task The_sequencers_of_a_key_have_the_order_in_which_its_objects_were_stored()
    {
        var second = new TaskCompletionSource();
        await using var moto = await FakeMoto.StartAsync(async index =>
        {
            if (index == 0)
            {
                // The first write is answered after the second where the second gets through before it is answered.
                await Task.WhenAny(second.Task, Task.Delay(TimeSpan.FromSeconds(1)));
                return;
            }

            second.TrySetResult();
        });
        var published = new Published();
        var service = new ObjectWriteService(
            new MotoForwarder(moto.Address),
            new MotoClient(moto.Address),
            published,
            new Sequencer(TimeProvider.System),
            TimeProvider.System,
            new GatewayOptions { Home = Path.GetTempPath(), Python = "", Jars = "", Postgresql = "", Cache = "" });

        await Task.WhenAll(service.Operations["PutObject"](Put("first")), service.Operations["PutObject"](Put("second")));

        published.Events.OrderBy(happened => happened.Sequence, StringComparer.Ordinal)
            .Select(happened => happened.ETag)
            .Should()
            .Equal(moto.Stored);
    }

    private static AwsRequest Put(string body)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "PUT";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Request.ContentLength = body.Length;
        return new AwsRequest
        {
            Http = http,
            Service = "s3",
            Operation = "PutObject",
            Scope = new AwsScope("123456789012", "us-east-1"),
            Protocol = WireProtocol.RestXml,
            RawTarget = "/bucket/key",
        };
    }

    private sealed class Published : IObjectEvents
    {
        public ConcurrentQueue<ObjectEvent> Events { get; } = new();

        public void Publish(ObjectEvent happened) => Events.Enqueue(happened);
    }
}
