using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Output;
using Cdc.Cli.Setup;
using Cdc.Harness.Changes;
using Cdc.Harness.Comparison;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Shop;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>The whole pipeline from nothing: set up, apply, fill, start, work, compare, explain.</summary>
internal static class DemoCommand
{
    private const string Question =
        """
        SELECT o.status, count(*) AS orders, sum(i.quantity) AS pieces, sum(o.total) AS total
        FROM public_orders o JOIN public_order_items i ON i.order_id = o.order_id
        GROUP BY o.status ORDER BY orders DESC
        """;

    private static readonly TimeSpan ConvergenceLimit = TimeSpan.FromMinutes(5);

    public static Command Create() => new EnvironmentCommand("demo", "The whole pipeline, from nothing to compared tables.", RunAsync);

    private static async Task<int> RunAsync(TargetedEnvironment environment, CancellationToken cancellationToken)
    {
        await SetUp.AllAsync(cancellationToken);
        if (environment.Aws is { } aws)
        {
            await UpCommand.StartAsync(aws, cancellationToken);
        }

        await environment.EnterAsync(cancellationToken);
        await environment.ApplyAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);

        RequireShop(deployment.Pipeline, environment.Environment);

        var shop = new ShopDatabase(deployment.Source);
        await Steps.RunAsync("shop database filled", async () =>
        {
            await shop.CreateAsync(cancellationToken);
            return await shop.FillAsync(cancellationToken) ? null : "had rows already";
        });

        var oracle = new ChangeOracle(deployment, environment.Folder);
        await StartAsync(deployment, shop, oracle, cancellationToken);

        long customer = 0;
        await Steps.RunAsync("work on the database", async () =>
        {
            var transactions = await shop.WorkAsync(cancellationToken);
            customer = await shop.AddCustomerAsync(cancellationToken);
            return $"{transactions} transactions";
        });

        IReadOnlyList<TableComparison> tables = [];
        try
        {
            await Steps.RunAsync(
                "final tables equal the source",
                async () => tables =
                    await Convergence.WaitAsync(
                        deployment, await oracle.ReadAsync(cancellationToken), ConvergenceLimit, cancellationToken));
        }
        catch (TimeoutException late)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{late.Message}[/]");
            tables = await (await deployment.ComparisonAsync(cancellationToken)).CompareAsync(
                await oracle.ReadAsync(cancellationToken), cancellationToken);
        }

        Report.Tables(tables, deployment.Pipeline.Tables);
        if (!tables.All(table => table.IsRight))
        {
            AnsiConsole.MarkupLine(
                "[red]Not every table is right.[/] `make logs` shows what task, function and job did, `make status` their state.");
            return 1;
        }

        var customers = deployment.Pipeline.Tables.Single(table => table.Name == "customers");
        Report.Journey(await new RowJourney(deployment).FollowAsync(customers, $"customer_id = {customer}", cancellationToken));
        AnsiConsole.MarkupLineInterpolated($"\n[bold]One query, by Athena[/]\n[grey]{Question}[/]");
        QueryCommand.Print(await deployment.Athena.RunAsync(Question, cancellationToken));
        Report.Next(environment.Environment);
        return 0;
    }

    /// <exception cref="UsageException">The environment replicates other tables than the demo knows.</exception>
    private static void RequireShop(PipelineOutput pipeline, EnvironmentFolder environment)
    {
        var others = pipeline.Tables.Where(
            table => table.Schema != "public" || !ShopDatabase.Tables.Contains(table.Name)).Select(table => table.Qualified).ToList();
        if (others.Count > 0)
        {
            throw new UsageException(
                $"The demo fills and works on the shop's tables ({string.Join(", ", ShopDatabase.Tables)}), but "
                + $"{environment.Name} replicates "
                + $"{string.Join(", ", others)}. It is applied; `make start {environment.Selector}` starts its task.");
        }
    }

    /// <summary>Starts the task and waits for its full load; the first time while the shop is open.</summary>
    /// <exception cref="UsageException">The task was started without the demo.</exception>
    private static async Task StartAsync(Deployment deployment, ShopDatabase shop, ChangeOracle oracle, CancellationToken cancellationToken)
    {
        var first = (await deployment.Dms.DescribeReplicationTaskAsync(deployment.Pipeline.TaskArn, cancellationToken)).Status == "ready";
        if (first)
        {
            await oracle.BeginAsync(cancellationToken);
        }
        else if (!await oracle.HasBegunAsync(cancellationToken))
        {
            throw new UsageException(
                "The task was started without the demo, so that nobody noted which rows and changes its logs must hold. "
                + "`make down` clears the stack, and `make demo` begins anew.");
        }

        await using var open = first ? new OpenShop(shop, oracle, cancellationToken) : null;
        await StartCommand.RunAsync(deployment, cancellationToken);
        await Steps.RunAsync("full load", async () =>
        {
            var rows = (await deployment.Replication.WaitUntilLoadedAsync(cancellationToken)).Sum(table => table.FullLoadRows);
            return open is null ? $"{rows} rows" : $"{rows} rows, {await open.CloseAsync()} transactions meanwhile";
        });
    }
}
