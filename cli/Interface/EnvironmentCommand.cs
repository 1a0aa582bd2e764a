using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Places;

namespace Cdc.Cli.Interface;

/// <summary>A command that works on an environment in a place.</summary>
internal sealed class EnvironmentCommand : Command
{
    private readonly Option<string> _environment = SharedOptions.Environment();
    private readonly Option<string?> _directory = SharedOptions.Directory();
    private readonly Option<Target> _target = SharedOptions.Target();
    private readonly Option<int?> _port = SharedOptions.Port();

    /// <param name="run">Gets the environment and the other values of the command line; returns the exit code.</param>
    public EnvironmentCommand(string name, string description, Func<TargetedEnvironment, ParseResult, CancellationToken, Task<int>> run)
        : base(name, description)
    {
        foreach (var option in (Option[])[_environment, _directory, _target, _port])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            // The word, not the value: one that cannot be read has none.
            var target = result.GetResult(_target)?.Tokens is [.., var last] ? last.Value : null;
            if (nameof(Target.Account).Equals(target, StringComparison.OrdinalIgnoreCase) && result.GetResult(_port) is { Implicit: false })
            {
                result.AddError("--port is of the local AWS; an account has none.");
            }

            if (result.GetResult(_directory) is { Implicit: false } && result.GetResult(_environment) is { Implicit: false })
            {
                result.AddError("Give --env or --dir, not both.");
            }
        });
        SetAction(async (parsed, cancellationToken) => await run(await FindAsync(parsed, cancellationToken), parsed, cancellationToken));
    }

    public EnvironmentCommand(string name, string description, Func<TargetedEnvironment, CancellationToken, Task<int>> run)
        : this(name, description, (environment, _, cancellationToken) => run(environment, cancellationToken))
    {
    }

    private async Task<TargetedEnvironment> FindAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = parsed.GetValue(_directory) is { } directory
            ? EnvironmentFolder.At(directory)
            : EnvironmentFolder.Named(parsed.GetValue(_environment)!);
        var target = parsed.GetValue(_target);
        environment.RequireAllowed(target);
        return new TargetedEnvironment(
            environment, target == Target.Account ? null : await LocalPlace.FindAsync(parsed.GetValue(_port), cancellationToken));
    }
}
