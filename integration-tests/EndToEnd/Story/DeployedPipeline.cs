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
/// environments/local, applied once for all tests on a local AWS of their own, its shop filled, replicated, worked on, and compared. A
/// failure on the way leaves evidence behind and fails every test with it. <see cref="StoryEnd"/> ends it.
/// </summary>
public sealed class DeployedPipeline
{
    private static readonly Lazy<Task<DeployedPipeline>> Shared = new(CreateAsync);
    private static readonly TimeSpan ConvergenceLimit = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan EvidenceLimit = TimeSpan.FromMinutes(1);

    // A folder of one name: what a run that was killed left behind is cleared by the next.
    private static readonly string Folder = Path.Combine(RepositoryLayout.Local, "stack", "e2e");

    private DeployedPipeline(LocalStack stack, TerraformRoot root) => (Stack, Root) = (stack, root);

    public LocalStack Stack { get; }

    public TerraformRoot Root { get; }

    /// <summary>What existed before the apply.</summary>
    public SortedDictionary<string, string[]> InventoryBefore { get; private set; } = [];

    public Plan SecondPlan { get; private set; } = null!;

    public Deployment Deployment { get; private set; } = null!;

    /// <summary>A root of a user's own on the same local AWS; applied while the story goes on.</summary>
    public Task<OwnRoot> OwnRoot { get; private set; } = null!;

    /// <summary>Transactions that the shop wrote while its tables were loaded.</summary>
    public int WrittenDuringLoad { get; private set; }

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
        await stack.StopAsync(StoryTime.Token);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        Directory.CreateDirectory(Folder);
        AwsEnvironment.Enter(await stack.StartAsync(StoryTime.Token));
        var pipeline = new DeployedPipeline(
            stack, new TerraformRoot(RepositoryLayout.Environment("local"), Path.Combine(Folder, "terraform")));
        try
        {
            await pipeline.RunAsync();
            return pipeline;
        }
        catch (Exception failure)
        {
            var reason = StoryTime.Token.IsCancellationRequested
                ? $"The story did not end within its {StoryTime.Limit.TotalMinutes:F0} minutes. {failure.Message}"
                : failure.Message;
            throw new InvalidOperationException($"{reason}\n{await pipeline.EvidenceAsync()}", failure);
        }
    }

    /// <summary>What is known at this moment.</summary>
    public async Task<string> EvidenceAsync()
    {
        // Time of its own: that the story's is up is what the evidence may be wanted for.
        using var limit = new CancellationTokenSource(EvidenceLimit);
        return Deployment is null ? Stack.Tail() : await EvidenceReport.GatherAsync(Deployment, Stack, limit.Token);
    }

    /// <summary>Stops the local AWS, however the tests ended; nothing happens when none of them needed it.</summary>
    public static async Task StopAsync()
    {
        if (Shared.IsValueCreated)
        {
            await new LocalStack(Folder).StopAsync(CancellationToken.None);
        }
    }

    private async Task RunAsync()
    {
        var token = StoryTime.Token;
        InventoryBefore = await Stack.InventoryAsync(token);
        await Root.InitAsync(token);
        await Root.ApplyAsync(token);
        SecondPlan = await Root.PlanAsync(token);
        Deployment = await Deployment.OpenAsync(await Root.OutputsAsync(token), token);
        OwnRoot = Story.OwnRoot.ApplyAsync(token);

        var shop = new ShopDatabase(Deployment.Source);
        await shop.CreateAsync(token);
        await shop.FillAsync(token);
        EventsLoaded = int.Parse(
            (await Deployment.Source.ScalarAsync("SELECT count(*) FROM event_log", token))!,
            System.Globalization.CultureInfo.InvariantCulture);

        var oracle = new ChangeOracle(Deployment, Folder);
        await oracle.BeginAsync(token);
        await LoadAsync(shop, oracle);
        await shop.WorkAsync(token);
        FollowedCustomer = await shop.AddCustomerAsync(token);
        Changes = await oracle.ReadAsync(token);
        Tables = await Convergence.WaitAsync(Deployment, Changes, ConvergenceLimit, token);
        await oracle.DropAsync(token);
    }

    /// <summary>The full load, while somebody writes.</summary>
    private async Task LoadAsync(ShopDatabase shop, ChangeOracle oracle)
    {
        var token = StoryTime.Token;
        await using var open = new OpenShop(shop, oracle, token);
        await Deployment.Replication.TestConnectionsAsync(token);
        await Deployment.Replication.PrepareSourceAsync(token, await Deployment.ConfigurationAsync(token));
        var state = await Deployment.StateAsync(token);
        await Deployment.RecordColumnsAsync(state, token);
        await Deployment.Replication.StartAsync(token);
        await Deployment.Loads(state, _ => { }).CompleteAsync(token);
        WrittenDuringLoad = await open.CloseAsync();
    }
}
