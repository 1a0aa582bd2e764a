using Cdc.Harness.Pipelines;

namespace Cdc.Cli.Interface;

/// <summary>Tables as a command line names them: <c>public.a,public.b</c>, or <c>all</c>.</summary>
internal static class TableNames
{
    private const string All = "all";

    /// <summary>The tables that are named, each once.</summary>
    /// <exception cref="UsageException">None is named, or one that the configuration does not have.</exception>
    public static IReadOnlyList<ReplicatedTable> Find(string text, IReadOnlyList<ReplicatedTable> configured)
    {
        var names = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList();
        if (names is [All])
        {
            return configured;
        }

        var known = string.Join(", ", configured.Select(table => table.Qualified));
        if (names.Count == 0)
        {
            throw new UsageException($"No table is named. Give TABLES=schema.name,… or TABLES={All}; the configuration has {known}.");
        }

        var unknown = names.Where(name => configured.All(table => table.Qualified != name)).ToList();
        return unknown.Count == 0
            ? [.. names.Select(name => configured.Single(table => table.Qualified == name))]
            : throw new UsageException($"The configuration does not have {string.Join(", ", unknown)}; it has {known}.");
    }
}
