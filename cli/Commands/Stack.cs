using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;

namespace Cdc.Cli.Commands;

/// <summary>The local AWS and what Terraform made in it.</summary>
internal static class Stack
{
    /// <summary>Starts the local AWS; one that runs is used again.</summary>
    public static Task UpAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        RequireLocal(options);
        return Steps.RunAsync("local AWS", async () =>
        {
            var stack = options.Stack;
            if (await stack.IsRunningAsync(cancellationToken))
            {
                return options.Port is { } wanted && wanted != stack.Port
                    ? throw new UsageException($"The local AWS runs already, on port {stack.Port}. `make down` stops it.")
                    : $"runs already, port {stack.Port}";
            }

            // What an earlier one held is gone with it, so its Terraform state is of no use.
            await stack.StopAsync(cancellationToken);
            DeleteState(options);
            Directory.CreateDirectory(options.Folder);
            await stack.StartAsync(options.ChosenPort, cancellationToken);
            return $"port {options.ChosenPort}, log {stack.LogFile}";
        });
    }

    public static async Task ApplyAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await Steps.RunAsync($"terraform init environments/{options.Environment}", () => options.Terraform.InitAsync(cancellationToken));
        await Steps.RunAsync($"terraform apply environments/{options.Environment}", () => options.Terraform.ApplyAsync(cancellationToken));
    }

    /// <summary>Stops the local AWS and removes everything of it; works whatever was killed before.</summary>
    public static async Task<int> DownAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        RequireLocal(options);
        await Steps.RunAsync("local AWS stopped, its processes and data cleared", async () =>
        {
            await options.Stack.StopAsync(cancellationToken);
            if (Directory.Exists(options.Folder))
            {
                Directory.Delete(options.Folder, recursive: true);
            }
        });
        return 0;
    }

    /// <exception cref="UsageException">Nothing was applied yet.</exception>
    public static async Task<Deployment> OpenAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await options.RequireRunningAsync(cancellationToken);
        if (!File.Exists(options.Terraform.StateFile))
        {
            throw new UsageException($"environments/{options.Environment} was not applied. `make apply ENV={options.Environment}` does it.");
        }

        return await Deployment.OpenAsync(options.Terraform, cancellationToken);
    }

    private static void DeleteState(CommandOptions options)
    {
        if (Directory.Exists(options.Folder))
        {
            Directory.Delete(options.Folder, recursive: true);
        }
    }

    private static void RequireLocal(CommandOptions options)
    {
        if (!options.IsLocal)
        {
            throw new UsageException($"The environment {options.Environment} lives in an account: this command is for ENV=local.");
        }
    }
}
