using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdc.Cli.Interface;
using Cdc.Cli.Places;
using Cdc.Harness;

namespace Cdc.Cli.Environments;

/// <summary>A root module that composes a pipeline: a folder of environments/, or one anywhere else.</summary>
/// <param name="Name">What people call it: the folder's name.</param>
/// <param name="Folder">Its absolute path.</param>
internal sealed record EnvironmentFolder(string Name, string Folder)
{
    /// <summary>File by which a root says where it may be applied: <c>{ "targets": ["account"] }</c>. Without it: everywhere.</summary>
    private const string Manifest = "cdc.json";

    /// <summary>Tells apart environments of one name that lie in different folders.</summary>
    public string Key => Path.GetDirectoryName(Folder) == RepositoryLayout.Environment("").TrimEnd(Path.DirectorySeparatorChar)
        ? Name
        : $"{Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..8]}";

    /// <summary>How the commands of make name it.</summary>
    public string Selector => Key == Name ? $"ENV={Name}" : $"DIR={Folder}";

    /// <summary>A folder of environments/.</summary>
    /// <exception cref="UsageException">There is none of that name, or it holds no Terraform.</exception>
    public static EnvironmentFolder Named(string name)
    {
        var folder = RepositoryLayout.Environment(name);
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name is "." or ".." || !Directory.Exists(folder))
        {
            var known = Directory.GetDirectories(RepositoryLayout.Environment("")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
            throw new UsageException(
                $"There is no environment \"{name}\"; environments/ has {string.Join(", ", known)}. DIR=path takes a root elsewhere.");
        }

        return At(folder);
    }

    /// <summary>A root module anywhere.</summary>
    /// <exception cref="UsageException">It does not exist, or holds no Terraform.</exception>
    public static EnvironmentFolder At(string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"There is no folder {folder}.");
        }

        return Directory.EnumerateFiles(folder, "*.tf").Concat(Directory.EnumerateFiles(folder, "*.tf.json")).Any()
            ? new EnvironmentFolder(Path.GetFileName(folder), folder)
            : throw new UsageException($"{folder} is no root module of Terraform: it has no *.tf file.");
    }

    /// <exception cref="UsageException">The root says that it is not for this target.</exception>
    public void RequireAllowed(Target target)
    {
        var allowed = AllowedTargets();
        if (!allowed.Contains(target))
        {
            throw new UsageException(
                $"{Name} is not for TARGET={Lower(target)}: its {Manifest} allows {string.Join(", ", allowed.Select(Lower))} alone.");
        }
    }

    private static string Lower(Target target) => target.ToString().ToLowerInvariant();

    private Target[] AllowedTargets()
    {
        var file = Path.Combine(Folder, Manifest);
        if (!File.Exists(file))
        {
            return Enum.GetValues<Target>();
        }

        try
        {
            using var manifest = JsonDocument.Parse(File.ReadAllText(file));
            return [.. manifest.RootElement.GetProperty("targets").EnumerateArray()
                .Select(target => Enum.Parse<Target>(target.GetString()!, ignoreCase: true))];
        }
        catch (Exception unread) when (unread is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new UsageException($"{file} should be like {{ \"targets\": [\"local\", \"account\"] }}, but is not: {unread.Message}");
        }
    }
}
