using System.Diagnostics;
using System.Text;

namespace Cdc.Harness.Commands;

/// <summary>Runs commands.</summary>
public static class CommandExtensions
{
    /// <summary>How long an interrupted program may take to end well: Terraform writes its state.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan SecondGrace = TimeSpan.FromSeconds(20);

    /// <summary>Runs to the end. A cancellation interrupts (SIGINT), waits, interrupts again, and kills only then.</summary>
    public static async Task<CommandResult> RunAsync(this Command command, CancellationToken cancellationToken)
    {
        using var process = Start(command);
        var output = new StringBuilder();
        var errors = new StringBuilder();
        void Take(StringBuilder into, string? line)
        {
            if (line is not null)
            {
                lock (into)
                {
                    into.Append(line).Append('\n');
                }

                command.OnLine?.Invoke(line);
            }
        }

        process.OutputDataReceived += (_, received) => Take(output, received.Data);
        process.ErrorDataReceived += (_, received) => Take(errors, received.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            throw;
        }

        return new CommandResult(process.ExitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Runs to the end and wants exit code 0.</summary>
    /// <exception cref="CommandFailedException">Another exit code.</exception>
    public static async Task<CommandResult> RunSuccessfullyAsync(this Command command, CancellationToken cancellationToken)
    {
        var result = await command.RunAsync(cancellationToken);
        return result.ExitCode == 0 ? result : throw new CommandFailedException(command, result);
    }

    private static Process Start(Command command)
    {
        // A session of its own: an interrupt of the terminal would reach it beside the one that it gets here, and Terraform takes a second one for
        // "at once", its state written or not. And deaf to none: what a shell runs in the background ignores interrupts, and so would its children.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", Find(command.FileName), .. command.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory ?? Environment.CurrentDirectory,
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
            if (value is null)
            {
                start.Environment.Remove(name);
            }
        }

        return Process.Start(start)!;
    }

    /// <summary>The program's file, so that one that is missing is told apart from one that fails.</summary>
    private static string Find(string program)
    {
        var folders = program.Contains('/') ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                program.Contains('/')
                    ? $"There is no program {program}. `make setup` makes what belongs to the checkout."
                    : $"There is no program {program} on the PATH. Install it, or put its folder there.",
                program);
    }

    private static async Task EndAsync(Process process)
    {
        foreach (var grace in new[] { Grace, SecondGrace })
        {
            using var interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await interrupt.WaitForExitAsync();
            using var limit = new CancellationTokenSource(grace);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                // It did not listen; the next step is harder.
            }
        }

        process.Kill(entireProcessTree: true);
    }
}
