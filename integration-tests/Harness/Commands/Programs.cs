namespace Cdc.Harness.Commands;

/// <summary>Programs of this machine.</summary>
public static class Programs
{
    /// <summary>The program's file, so that one that is missing is told apart from one that fails.</summary>
    /// <param name="name">A name that is looked for on the PATH, or a path.</param>
    /// <exception cref="FileNotFoundException">It is not there; the message says what to do.</exception>
    public static string Find(string name) =>
        TryFind(name)
        ?? throw new FileNotFoundException(
            name.Contains('/', StringComparison.Ordinal)
                ? $"There is no program {name}. `make setup` makes what belongs to the checkout."
                : $"There is no program {name} on the PATH. Install it, or put its folder there.",
            name);

    /// <inheritdoc cref="Find"/>
    /// <returns>Null where it is not there.</returns>
    public static string? TryFind(string name)
    {
        var folders = name.Contains('/', StringComparison.Ordinal)
            ? [""]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
