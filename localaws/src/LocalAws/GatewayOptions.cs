namespace LocalAws;

/// <summary>What the local AWS is started with; each member is a command-line option of the same name in kebab case.</summary>
internal sealed record GatewayOptions
{
    /// <summary>TCP port on 127.0.0.1 on which every service answers.</summary>
    public int Port { get; init; } = 4566;

    /// <summary>Folder of this stack: logs, work folders and the list of its processes. One stack owns one folder.</summary>
    public required string Home { get; init; }

    /// <summary>Python interpreter of the virtual environment that has moto and PySpark.</summary>
    public required string Python { get; init; }

    /// <summary>Folder of the jars that Iceberg, the Glue catalog and s3:// need beside PySpark's own.</summary>
    public required string Jars { get; init; }

    /// <summary>Folder of the embedded PostgreSQL servers, one for each major version that is not installed.</summary>
    public required string Postgresql { get; init; }

    /// <summary>Folder for what is worth keeping over restarts, such as the class-data archive of Spark.</summary>
    public required string Cache { get; init; }

    /// <summary>The replication task's program; by default the one in the folder beside this program.</summary>
    public string Replicator { get; init; } = Path.Combine(
        AppContext.BaseDirectory, "replication", OperatingSystem.IsWindows() ? "replicator.exe" : "replicator");

    /// <summary>Region that a request without a credential scope belongs to.</summary>
    public string DefaultRegion { get; init; } = "us-east-1";

    /// <summary>The address that this local AWS is reached by: always by IP, so that every SDK uses path-style S3.</summary>
    public string EndpointUrl => $"http://127.0.0.1:{Port}";

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    /// <exception cref="ArgumentException">An option is unknown, lacks its value or is missing; the message names it.</exception>
    public static GatewayOptions Parse(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < args.Count; index += 2)
        {
            if (!args[index].StartsWith("--", StringComparison.Ordinal) || index + 1 >= args.Count)
            {
                throw new ArgumentException(
                    $"'{args[index]}' is not an option with a value. Options: --home --python --jars --postgresql --cache "
                    + "[--port] [--replicator] [--region].");
            }

            values[args[index][2..]] = args[index + 1];
        }

        string Required(string name) =>
            values.Remove(name, out var value) ? value : throw new ArgumentException($"Option --{name} is missing.");
        string? Optional(string name) => values.Remove(name, out var value) ? value : null;

        var options = new GatewayOptions
        {
            Home = Path.GetFullPath(Required("home")),
            // Not GetFullPath of a link's target: a virtual environment is found by the path of its interpreter.
            Python = Path.GetFullPath(Required("python")),
            Jars = Path.GetFullPath(Required("jars")),
            Postgresql = Path.GetFullPath(Required("postgresql")),
            Cache = Path.GetFullPath(Required("cache")),
        };
        options = options with
        {
            Port = int.Parse(Optional("port") ?? "4566", System.Globalization.CultureInfo.InvariantCulture),
            Replicator = Optional("replicator") is { } replicator ? Path.GetFullPath(replicator) : options.Replicator,
            DefaultRegion = Optional("region") ?? options.DefaultRegion,
        };
        return values.Count == 0 ? options : throw new ArgumentException($"Unknown option --{values.Keys.First()}.");
    }
}
