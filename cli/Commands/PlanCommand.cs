using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Says what an apply would change, and what that means for the pipeline.</summary>
internal static class PlanCommand
{
    public static Command Create() =>
        new EnvironmentCommand(
            "plan", "terraform plan of the environment, and what it means for the pipeline.", async (environment, cancellationToken) =>
    {
        await environment.EnterAsync(cancellationToken);
        var plan = await environment.PlanAsync(cancellationToken);
        if (environment.Aws is not null)
        {
            foreach (var (address, actions) in plan.Changes)
            {
                AnsiConsole.WriteLine($"  {actions,-14} {address}");
            }
        }

        AnsiConsole.WriteLine(plan.IsEmpty ? "An apply would change nothing." : $"An apply would change {plan.Changes.Count} things.");
        foreach (var sentence in PlanMeaning.Of(plan))
        {
            AnsiConsole.MarkupLineInterpolated($"[yellow]![/] {sentence}");
        }

        return 0;
    });
}
