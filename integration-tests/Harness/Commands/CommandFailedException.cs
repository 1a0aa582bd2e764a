namespace Cdc.Harness.Commands;

/// <summary>A program ended with an exit code that means failure; the message holds what ran and the end of what it said.</summary>
public sealed class CommandFailedException : Exception
{
    private const int LinesShown = 40;

    public CommandFailedException(Command command, CommandResult result)
        : base($"`{Path.GetFileName(command.FileName)} {string.Join(' ', command.Arguments)}` ended with exit code {result.ExitCode}:{System.Environment.NewLine}{Tail(result)}") =>
        Result = result;

    public CommandResult Result { get; }

    private static string Tail(CommandResult result)
    {
        var said = result.Errors.Trim().Length > 0 ? result.Errors : result.Output;
        return string.Join('\n', said.Trim().Split('\n').TakeLast(LinesShown));
    }
}
