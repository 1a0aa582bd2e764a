using Cdc.Cli;
using Cdc.Cli.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // Whoever reads a file or a pipe wants whole lines and no colours.
    AnsiConsole.Profile.Width = 240;
    AnsiConsole.Profile.Capabilities.Ansi = false;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first one ends what runs in good order, Terraform's state included; the second one ends this program.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};

try
{
    return await CommandLine.RunAsync(args, interrupted.Token);
}
catch (Exception known) when (KnownFailure.Explain(known) is { } explanation)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{explanation}[/]");
    return 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    AnsiConsole.WriteLine("Interrupted. `make down` clears what runs.");
    return 130;
}
