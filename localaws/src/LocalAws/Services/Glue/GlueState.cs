using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>The jobs of one account and region.</summary>
internal sealed class GlueState
{
    /// <summary>
    /// Guards jobs and runs, whoever reads or changes them: whether a run may start depends on all of them, and their lists change under
    /// those who walk them.
    /// </summary>
    public Lock Gate { get; } = new();

    /// <summary>Tags of jobs and databases; moto keeps none.</summary>
    public TagStore Tags { get; } = new();

    public SortedDictionary<string, GlueJob> Jobs { get; } = new(StringComparer.Ordinal);
}
