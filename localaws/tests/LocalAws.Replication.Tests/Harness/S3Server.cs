using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

using LocalAws.Hosting;
namespace LocalAws.Replication.Tests.Harness;

/// <summary>S3, as moto gives it, in a process of its own.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    private readonly Process _process;

    private S3Server(Process process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
        Client = new AmazonS3Client(
            new BasicAWSCredentials("test", "test"),
            new AmazonS3Config { ServiceURL = endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
    }

    public Uri Endpoint { get; }

    public AmazonS3Client Client { get; }

    public static async Task<S3Server> StartAsync(int? port = null)
    {
        var chosen = port ?? Ports.Free();
        var process = Process.Start(new ProcessStartInfo(Repository.Python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", $"{chosen}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new S3Server(process, new Uri($"http://127.0.0.1:{chosen}"));
        try
        {
            using var http = new HttpClient();
            await Eventually.BecomesAsync("S3's first answer", () => AnswersAsync(http, server), answers => answers, seconds: 60);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Objects of a bucket: key → bytes, in the order of their keys.</summary>
    public async Task<SortedDictionary<string, byte[]>> ReadAllAsync(string bucket, string prefix = "")
    {
        var objects = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await Client.ListObjectsV2Async(request);
            foreach (var item in page.S3Objects ?? [])
            {
                using var response = await Client.GetObjectAsync(bucket, item.Key);
                using var memory = new MemoryStream();
                await response.ResponseStream.CopyToAsync(memory);
                objects[item.Key] = memory.ToArray();
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        return objects;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, S3Server server)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(server.Endpoint, "/moto-api/"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!server._process.HasExited)
        {
            return false;
        }
    }
}
