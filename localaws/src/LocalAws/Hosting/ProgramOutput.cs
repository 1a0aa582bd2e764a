using System.ComponentModel;
using System.Diagnostics;

namespace LocalAws.Hosting;

/// <summary>What a program says that ends by itself.</summary>
internal static class ProgramOutput
{
    /// <summary>Runs a program and returns what it wrote to both streams.</summary>
    /// <exception cref="InvalidOperationException">
    /// It cannot be started, or failed; the message names it and holds what it wrote.
    /// </exception>
    public static string Read(string program, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception failure)
        {
            throw new InvalidOperationException($"{program} cannot be started: {failure.Message}", failure);
        }

        using (process)
        {
            // Both at once: a program that fills the pipe that nobody reads waits for ever.
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var all = output + errors.GetAwaiter().GetResult();
            return process.ExitCode == 0
                ? all
                : throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {all.Trim()}");
        }
    }
}
