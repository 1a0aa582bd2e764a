namespace LocalAws.Hosting;

/// <summary>A program that runs beside the gateway because on AWS it is a machine of its own.</summary>
/// <param name="Name">What it is, for people: <c>moto</c>, <c>rds shop</c>, <c>glue jr_…</c>.</param>
/// <param name="FileName">The program: a path, or a name that is looked for on the PATH.</param>
/// <param name="Arguments">One each, as they are: no shell reads them.</param>
internal sealed record ChildProcessSpec(string Name, string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>Changes to the environment; a null value removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Starts from an empty environment, so that nothing of the gateway's reaches the program.</summary>
    public bool ClearEnvironment { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>File that receives what the program writes, both streams.</summary>
    public string? LogFile { get; init; }

    /// <summary>Called with each line of standard output.</summary>
    public Action<string>? OnOutput { get; init; }

    /// <summary>Called with each line of standard error.</summary>
    public Action<string>? OnError { get; init; }

    /// <summary>Keeps standard input open for the caller to write to.</summary>
    public bool RedirectInput { get; init; }

    /// <summary>A folder that belongs to the program and goes with it when leftovers are cleared.</summary>
    public string? Folder { get; init; }
}
