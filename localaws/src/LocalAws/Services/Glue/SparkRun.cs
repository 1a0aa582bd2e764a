namespace LocalAws.Services.Glue;

/// <summary>A prepared run: a folder with script, packages and Spark configuration, and how to start it.</summary>
/// <param name="Archive">Class-data archive that the run writes at its end, null when it uses one that is there.</param>
public sealed record SparkRun(
    string Folder, string Python, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string?> Environment, ClassDataArchive? Archive);
