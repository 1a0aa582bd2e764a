using Cdc.Cli;
using Cdc.Cli.Commands;
using Cdc.Harness.Commands;
using Cdc.Harness.Local;
using Cdc.Harness.Pipelines;
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
catch (Exception known) when (known is UsageException or PortInUseException or LocalStackException or CommandFailedException or PipelineException or AthenaQueryException or TimeoutException or Amazon.Runtime.AmazonServiceException)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{known.Message}[/]");
    return 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    AnsiConsole.WriteLine("Interrupted. `make down` clears what runs.");
    return 130;
}
