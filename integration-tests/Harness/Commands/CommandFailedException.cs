using CliWrap;
using CliWrap.Buffered;

namespace Cdc.Harness.Commands;

/// <summary>A program ended with an exit code that means failure; the message holds what ran and the end of what it said.</summary>
public sealed class CommandFailedException(Command command, BufferedCommandResult result) : Exception(
    $"`{Session.Describe(command)}` ended with exit code {result.ExitCode}:{Environment.NewLine}{Tail(result)}")
{
    private const int LinesShown = 40;

    /// <summary>The exit code, and all that the program wrote.</summary>
    public BufferedCommandResult Result => result;

    private static string Tail(BufferedCommandResult result)
    {
        var said = result.StandardError.Trim().Length > 0 ? result.StandardError : result.StandardOutput;
        return string.Join('\n', said.Trim().Split('\n').TakeLast(LinesShown));
    }
}
