using System.Globalization;
using System.Security.Cryptography;
using Cdc.Cli.Interface;
using Cdc.Harness;

namespace Cdc.Cli.Setup;

/// <summary>The jars that Iceberg, the Glue catalog and s3:// need beside PySpark's own: a pinned list with checksums.</summary>
internal static class Jars
{
    private const string Repository = "MAVEN_REPOSITORY_URL";
    private const string MavenCentral = "https://repo1.maven.org/maven2";
    private const int AtOnce = 4;

    public static async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(RepositoryLayout.Jars);
        var repository = new Uri(
            (Environment.GetEnvironmentVariable(Repository) is { Length: > 0 } given ? given : MavenCentral).TrimEnd('/') + "/");
        var list = Path.Combine(RepositoryLayout.Root, "localaws", "jars.txt");
        var missing = new List<Jar>();
        foreach (var jar in File.ReadLines(list).Where(line => line.Length > 0 && line[0] != '#').Select(Jar.Parse))
        {
            var file = new FileInfo(Path.Combine(RepositoryLayout.Jars, jar.FileName));
            // Only a file whose checksum was right ever gets its name, so its size tells enough.
            if (!file.Exists || file.Length != jar.Size)
            {
                missing.Add(jar);
            }
        }

        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        await Parallel.ForEachAsync(
            missing,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (jar, token) => await FetchAsync(http, new Uri(repository, jar.Path), jar, token));
        return missing.Count == 0 ? "already there" : string.Create(CultureInfo.InvariantCulture, $"{missing.Count} from {repository}");
    }

    private static async Task FetchAsync(HttpClient http, Uri source, Jar jar, CancellationToken cancellationToken)
    {
        var target = Path.Combine(RepositoryLayout.Jars, jar.FileName);
        var part = $"{target}.{Environment.ProcessId}.part";
        try
        {
            await using (var output = File.Create(part))
            {
                await using var input = source.IsFile
                    ? File.OpenRead(source.LocalPath)
                    : await http.GetStreamAsync(source, cancellationToken);
                await input.CopyToAsync(output, cancellationToken);
            }

            await using (var written = File.OpenRead(part))
            {
                var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellationToken));
                if (found != jar.Sha256)
                {
                    throw new UsageException(
                        $"{source} has the checksum {found}, but localaws/jars.txt wants {jar.Sha256}. "
                        + $"Another file is behind that address: check {Repository}.");
                }
            }

            File.Move(part, target, overwrite: true);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new UsageException(
                $"{source} cannot be fetched: {failure.Message} Where Maven Central is not reached, set {Repository} to a "
                + "mirror (https:// or file://).");
        }
        finally
        {
            File.Delete(part);
        }
    }
}
