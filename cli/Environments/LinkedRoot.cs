namespace Cdc.Cli.Environments;

/// <summary>
/// A root module as links, with its backend replaced by a local one: on the local AWS no state of an account may be read or written, and
/// nothing is left in the root's own folder that a later plain <c>terraform</c> there would find. Everything that its paths may lead to
/// (<c>../../modules</c>) is linked at the same distance, up to the folder that holds <c>.git</c>, else up to four folders.
/// </summary>
internal static class LinkedRoot
{
    private const string Override = "zz_backend_of_the_local_aws_override.tf";
    private const int LevelsWithoutRepository = 4;

    /// <param name="root">The root module.</param>
    /// <param name="into">Folder of the links; what links it has are made anew.</param>
    /// <returns>The folder for Terraform to work in.</returns>
    public static string Make(string root, string into)
    {
        var levels = Levels(root);
        var folder = levels.Aggregate(into, (path, level) => Path.Combine(path, level.Name));
        Directory.CreateDirectory(folder);

        var original = root;
        var linked = folder;
        Link(original, linked, except: null);
        foreach (var level in levels.AsEnumerable().Reverse())
        {
            original = Path.GetDirectoryName(original)!;
            linked = Path.GetDirectoryName(linked)!;
            Link(original, linked, except: level.Name);
        }

        File.WriteAllText(Path.Combine(folder, Override), "terraform {\n  backend \"local\" {}\n}\n");
        return folder;
    }

    /// <summary>The folders from below the top to the root itself.</summary>
    private static DirectoryInfo[] Levels(string root)
    {
        var levels = new Stack<DirectoryInfo>();
        for (var folder = new DirectoryInfo(root); folder.Parent is not null; folder = folder.Parent)
        {
            if (IsRepository(folder) && levels.Count > 0)
            {
                return [.. levels];
            }

            levels.Push(folder);
        }

        return [.. levels.TakeLast(LevelsWithoutRepository)];
    }

    private static bool IsRepository(DirectoryInfo folder)
    {
        var git = Path.Combine(folder.FullName, ".git");
        return Directory.Exists(git) || File.Exists(git);
    }

    private static void Link(string original, string linked, string? except)
    {
        foreach (var old in new DirectoryInfo(linked).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is not null).ToList())
        {
            old.Delete();
        }

        foreach (var entry in new DirectoryInfo(original).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(linked, entry.Name);
            // Terraform's own folder and states are those of another place.
            if (entry.Name == except || entry.Name is ".terraform" or ".git" or ".local"
                || entry.Name.StartsWith("terraform.tfstate", StringComparison.Ordinal)
                || Path.Exists(target))
            {
                continue;
            }

            File.CreateSymbolicLink(target, entry.FullName);
        }
    }
}
