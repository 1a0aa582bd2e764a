using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Cdc.Harness;
using Cdc.Harness.Commands;
using Cdc.Harness.Local;
using CliWrap;

namespace Cdc.Cli.Commands;

/// <summary>
/// Runs a program beside a local AWS of its own, which is gone when the program ends: <c>cdc with-aws PROGRAM ARGUMENT…</c>.
/// </summary>
internal static class WithAwsCommand
{
    private const string Prefix = "with-aws-";

    private static string Stacks { get; } = Path.Combine(RepositoryLayout.Local, "stack");

    public static System.CommandLine.Command Create()
    {
        var program = new Argument<string[]>("program") { Description = "The program and its arguments.", Arity = ArgumentArity.OneOrMore };
        var command = new System.CommandLine.Command(
            "with-aws",
            "Run a program beside a local AWS of its own, which is gone when the program ends.")
        {
            program,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(program)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] command, CancellationToken cancellationToken)
    {
        await ClearLeftoversAsync();
        var folder = Path.Combine(Stacks, $"{Prefix}{Environment.ProcessId}");
        var stack = new LocalStack(folder);
        try
        {
            Directory.CreateDirectory(folder);
            AwsEnvironment.Enter(await stack.StartAsync(cancellationToken));
            await using var output = Console.OpenStandardOutput();
            await using var errors = Console.OpenStandardError();
            return (await Session.Command(command[0], [.. command.Skip(1)])
                .WithStandardOutputPipe(PipeTarget.ToStream(output, autoFlush: true))
                .WithStandardErrorPipe(PipeTarget.ToStream(errors, autoFlush: true))
                .RunAsync(cancellationToken)).ExitCode;
        }
        finally
        {
            await stack.StopAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What runs of this command left that were killed.</summary>
    private static async Task ClearLeftoversAsync()
    {
        foreach (var folder in Directory.Exists(Stacks) ? Directory.GetDirectories(Stacks, $"{Prefix}*") : [])
        {
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..], CultureInfo.InvariantCulture, out var owner) && !IsAlive(owner))
            {
                await new LocalStack(folder).StopAsync(CancellationToken.None);
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
