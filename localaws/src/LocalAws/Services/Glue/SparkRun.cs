namespace LocalAws.Services.Glue;

/// <summary>A prepared run: a folder with script, packages and Spark configuration, and how to start it.</summary>
/// <param name="Folder">The run's own; it goes with the run.</param>
/// <param name="Python">The interpreter.</param>
/// <param name="Arguments">Of the interpreter: the script and what the job and the run give it.</param>
/// <param name="Environment">Changes to the environment; a null value removes the variable.</param>
/// <param name="Archive">Class-data archive that the run writes at its end, null when it uses one that is there.</param>
internal sealed record SparkRun(
    string Folder,
    string Python,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string,
    string?> Environment,
    ClassDataArchive? Archive);
