using System.Globalization;
using Cdc.Harness;
using Cdc.Harness.Local;
using Cdc.Harness.Terraform;

namespace Cdc.Cli.Commands;

/// <summary>What a command was asked to work on.</summary>
/// <param name="Environment">A folder of environments/.</param>
/// <param name="Port">Port of the local AWS; null for the one that runs, or 4566.</param>
/// <param name="Sql">The query, of the command query.</param>
internal sealed record CommandOptions(string Environment, int? Port, string? Sql)
{
    private const string LocalEnvironment = "local";
    private const int DefaultPort = 4566;

    public bool IsLocal => Environment == LocalEnvironment;

    /// <summary>Everything of the environment that is not in the sources.</summary>
    public string Folder => Path.Combine(RepositoryLayout.Local, "stack", Environment);

    public LocalStack Stack => new(Folder);

    public int ChosenPort => Port ?? Stack.Port ?? DefaultPort;

    public TerraformRoot Terraform => new(RepositoryLayout.Environment(Environment), Path.Combine(Folder, "terraform"));

    /// <exception cref="UsageException">An option is unknown, or its value is wrong.</exception>
    public static CommandOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CommandOptions(LocalEnvironment, null, null);
        for (var index = 0; index < args.Count; index += 2)
        {
            var value = index + 1 < args.Count ? args[index + 1] : throw new UsageException($"{args[index]} has no value.");
            options = args[index] switch
            {
                "--env" => options with { Environment = value.Length > 0 ? value : LocalEnvironment },
                "--port" when value.Length == 0 => options,
                "--port" => options with { Port = ParsePort(value) },
                "--sql" => options with { Sql = value },
                _ => throw new UsageException($"Unknown option {args[index]}; --env, --port and --sql are known."),
            };
        }

        if (Directory.Exists(RepositoryLayout.Environment(options.Environment)))
        {
            return options;
        }

        var known = Directory.GetDirectories(RepositoryLayout.Environment("")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        throw new UsageException($"There is no environment {options.Environment}; there are {string.Join(", ", known)}.");
    }

    /// <summary>Points this process at the local AWS, if that is where the environment lives; else the user's own variables say where AWS is.</summary>
    public void Enter()
    {
        if (IsLocal)
        {
            AwsEnvironment.Enter(ChosenPort);
        }
    }

    /// <exception cref="UsageException">The environment is local and its AWS does not run.</exception>
    public async Task RequireRunningAsync(CancellationToken cancellationToken)
    {
        if (IsLocal && !await Stack.IsRunningAsync(cancellationToken))
        {
            throw new UsageException("The local AWS does not run. Start it with `make up apply`, or the whole with `make demo`.");
        }
    }

    private static int ParsePort(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new UsageException($"PORT={value} is no port: give a number from 1 to 65535.");
}
