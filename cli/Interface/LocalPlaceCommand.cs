using System.CommandLine;
using Cdc.Cli.Places;

namespace Cdc.Cli.Interface;

/// <summary>A command that works on a local AWS itself.</summary>
internal sealed class LocalPlaceCommand : Command
{
    private readonly Option<int?> _port = SharedOptions.Port();

    /// <param name="run">Returns the exit code.</param>
    public LocalPlaceCommand(string name, string description, Func<LocalPlace, CancellationToken, Task<int>> run)
        : base(name, description)
    {
        Options.Add(_port);
        SetAction(async (parsed, cancellationToken) => await run(
            await LocalPlace.FindAsync(parsed.GetValue(_port), cancellationToken), cancellationToken));
    }
}
