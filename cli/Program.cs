using System.CommandLine;
using Cdc.Cli;
using Cdc.Cli.Interface;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // Whoever reads a file or a pipe wants whole lines and no colours.
    AnsiConsole.Profile.Width = 240;
    AnsiConsole.Profile.Capabilities.Ansi = false;
}

using var interruption = new Interruption();
try
{
    // Failures and signals are told below, in this program's own words.
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await RootCommandFactory.Create().Parse(args).InvokeAsync(configuration, interruption.Token);
}
catch (OperationCanceledException) when (interruption.Signal is not null)
{
    AnsiConsole.WriteLine("Interrupted. `make down` clears what runs.");
    return interruption.ExitCode;
}
catch (Exception known) when (KnownFailure.Explain(known) is { } explanation)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{explanation}[/]");
    return 1;
}
