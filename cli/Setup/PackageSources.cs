using Cdc.Cli.Interface;

namespace Cdc.Cli.Setup;

/// <summary>Chooses where npm packages come from.</summary>
internal static class PackageSources
{
    /// <summary>Names the registry, to npm as to us.</summary>
    public const string RegistryVariable = "NPM_CONFIG_REGISTRY";

    private const string PublicRegistry = "https://registry.npmjs.org";

    /// <summary>npm where it is on the search path, else the registry over HTTPS.</summary>
    /// <param name="path">Folders of programs, as in PATH.</param>
    /// <param name="registry">The registry's address; null or empty for npm's public one.</param>
    /// <exception cref="UsageException">The registry is not an address.</exception>
    public static IPackageSource Choose(string? path, string? registry)
    {
        var folders = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var npm = folders.Select(folder => Path.Combine(folder, "npm")).FirstOrDefault(File.Exists);
        if (npm is not null)
        {
            return new NpmCommand(npm);
        }

        var address = (registry is { Length: > 0 } given ? given : PublicRegistry).TrimEnd('/') + "/";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? new NpmRegistry(uri)
            : throw new UsageException($"{RegistryVariable} is no address of a registry, such as {PublicRegistry}.");
    }
}
