using Cdc.Harness;

namespace Cdc.Cli.Setup;

/// <summary>Source files, without what builds leave among them.</summary>
internal static class SourceFiles
{
    private static readonly string[] Shared = ["Directory.Build.props", "Directory.Packages.props", "global.json"];

    public static IEnumerable<string> In(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file)))
            .Where(file => !Path.GetRelativePath(folder, file).Split(
                Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "__pycache__"));

    /// <summary>Everything that decides what a build of these folders gives.</summary>
    public static IEnumerable<string> DotNet(IEnumerable<string> folders) =>
        folders.SelectMany(folder => In(Path.Combine(RepositoryLayout.Root, folder), ".cs", ".csproj", ".py"))
            .Concat(Shared.Select(file => Path.Combine(RepositoryLayout.Root, file)));
}
