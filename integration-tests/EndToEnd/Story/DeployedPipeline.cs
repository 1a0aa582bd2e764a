using Cdc.Harness;
using Cdc.Harness.Changes;
using Cdc.Harness.Comparison;
using Cdc.Harness.Evidence;
using Cdc.Harness.Local;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Shop;
using Cdc.Harness.Terraform;

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>
/// environments/local, applied once for all tests on a local AWS of their own, its shop filled, replicated, worked on, and compared. A failure on
/// the way leaves evidence behind and fails every test with it.
/// </summary>
public sealed class DeployedPipeline
{
    private static readonly Lazy<Task<DeployedPipeline>> Shared = new(CreateAsync);
    private static readonly TimeSpan ConvergenceLimit = TimeSpan.FromMinutes(6);

    // A folder of one name: what a run that was killed left behind is cleared by the next.
    private static readonly string Folder = Path.Combine(RepositoryLayout.Local, "stack", "e2e");

    private DeployedPipeline(LocalStack stack, TerraformRoot root) => (Stack, Root) = (stack, root);

    public LocalStack Stack { get; }

    public TerraformRoot Root { get; }

    /// <summary>What existed before the apply.</summary>
    public SortedDictionary<string, string[]> InventoryBefore { get; private set; } = [];

    public Plan SecondPlan { get; private set; } = null!;

    public Deployment Deployment { get; private set; } = null!;

    /// <summary>What the second slot saw.</summary>
    public IReadOnlyList<Change> Changes { get; private set; } = [];

    public IReadOnlyList<TableComparison> Tables { get; private set; } = [];

    /// <summary>A customer of whom one change was committed, alone, after all other work.</summary>
    public long FollowedCustomer { get; private set; }

    /// <summary>Rows of the event log at the time of its load.</summary>
    public int EventsLoaded { get; private set; }

    public static Task<DeployedPipeline> GetAsync() => Shared.Value;

    public ReplicatedTable Table(string name) => Deployment.Pipeline.Tables.Single(table => table.Name == name);

    public TableComparison Comparison(string name) => Tables.Single(table => table.Table == $"public.{name}");

    private static async Task<DeployedPipeline> CreateAsync()
    {
        var stack = new LocalStack(Folder);
        await stack.StopAsync(CancellationToken.None);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        Directory.CreateDirectory(Folder);
        var port = FreePort.Next();
        AwsEnvironment.Enter(port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => stack.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        await stack.StartAsync(port, CancellationToken.None);
        var pipeline = new DeployedPipeline(stack, new TerraformRoot(RepositoryLayout.Environment("local"), Path.Combine(Folder, "terraform")));
        try
        {
            await pipeline.RunAsync();
            return pipeline;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{await pipeline.EvidenceAsync()}", failure);
        }
    }

    /// <summary>What is known at this moment.</summary>
    public async Task<string> EvidenceAsync() =>
        Deployment is null ? Stack.Tail() : await EvidenceReport.GatherAsync(Deployment, Stack, CancellationToken.None);

    private async Task RunAsync()
    {
        var none = CancellationToken.None;
        InventoryBefore = await Stack.InventoryAsync(none);
        await Root.InitAsync(none);
        await Root.ApplyAsync(none);
        SecondPlan = await Root.PlanAsync(none);
        Deployment = await Deployment.OpenAsync(Root, none);

        var shop = new ShopDatabase(Deployment.Source);
        await shop.CreateAsync(none);
        await shop.FillAsync(none);
        EventsLoaded = int.Parse((await Deployment.Source.ScalarAsync("SELECT count(*) FROM event_log", none))!, System.Globalization.CultureInfo.InvariantCulture);

        var oracle = new ChangeOracle(Deployment, Folder);
        await oracle.PrepareAsync(none);
        await LoadAsync(shop, oracle);
        await shop.WorkAsync(none);
        FollowedCustomer = await shop.AddCustomerAsync(none);
        Changes = await oracle.ReadAsync(none);
        Tables = await Convergence.WaitAsync(Deployment, Changes, ConvergenceLimit, none);
        await oracle.DropAsync(none);
    }

    /// <summary>The full load, while somebody writes.</summary>
    private async Task LoadAsync(ShopDatabase shop, ChangeOracle oracle)
    {
        var none = CancellationToken.None;
        using var loaded = new CancellationTokenSource();
        var writing = shop.WriteUntilAsync(loaded.Token);
        var watching = oracle.WatchTaskSlotAsync(none);
        try
        {
            await Deployment.Replication.TestConnectionsAsync(none);
            await Deployment.Replication.PrepareSourceAsync(none);
            await Deployment.Replication.StartAsync(none);
            await watching;
            await Deployment.Replication.WaitUntilLoadedAsync(none);
        }
        finally
        {
            await loaded.CancelAsync();
            await writing;
        }
    }
}
