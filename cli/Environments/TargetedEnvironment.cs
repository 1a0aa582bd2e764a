using Amazon.DatabaseMigrationService;
using Cdc.Cli.Commands;
using Cdc.Cli.Interface;
using Cdc.Cli.Places;
using Cdc.Cli.Setup;
using Cdc.Harness;
using Cdc.Harness.Commands;
using Cdc.Harness.Local;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Terraform;

namespace Cdc.Cli.Environments;

/// <summary>An environment in the place where a command works on it.</summary>
/// <param name="Environment">The root module.</param>
/// <param name="Aws">The local AWS; null for the account.</param>
internal sealed record TargetedEnvironment(EnvironmentFolder Environment, LocalPlace? Aws)
{
    /// <summary>What these commands keep of the environment, Terraform's state on the local AWS included.</summary>
    public string Folder => Aws is { } aws
        ? Path.Combine(aws.Folder, "environments", Environment.Key)
        : Path.Combine(RepositoryLayout.Local, "account", Environment.Key);

    private string StateFolder => Path.Combine(Folder, "terraform");

    /// <summary>Points this process, its clients and its children at the place.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (Aws is { } aws)
        {
            await aws.RequireRunningAsync(cancellationToken);
            AwsEnvironment.Enter(aws.Port);
        }
    }

    /// <summary>
    /// On the local AWS: <c>terraform init</c> and <c>apply</c> with a state of the place's own. In an account: as a user would call them,
    /// with the root's own backend, in the root's folder, and Terraform asks before it changes anything.
    /// </summary>
    /// <exception cref="UsageException">On the local AWS, when plain Terraform applied the root there.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (Aws is null)
        {
            await AttachedTerraformAsync(["init"], cancellationToken);
            await AttachedTerraformAsync(["apply"], cancellationToken);
            return;
        }

        var root = Prepared();
        if (!await HasOwnStateAsync(root, cancellationToken) && await IsHereByPlainTerraformAsync(cancellationToken))
        {
            throw new UsageException(
                $"{Environment.Name} is applied on the local AWS already, by plain terraform in {Environment.Folder}. "
                + "Go on with terraform there, or destroy it there first.");
        }

        await Output.Steps.RunAsync($"terraform init {Environment.Name}", () => root.InitAsync(cancellationToken));
        await Output.Steps.RunAsync($"terraform apply {Environment.Name}", () => root.ApplyAsync(cancellationToken));
    }

    /// <summary>
    /// What <see cref="ApplyAsync"/> would do. In an account Terraform prints the plan itself, and leaves it in the root's folder.
    /// </summary>
    public async Task<Plan> PlanAsync(CancellationToken cancellationToken)
    {
        if (Aws is null)
        {
            const string File = "plan.tfplan";
            await AttachedTerraformAsync(["init"], cancellationToken);
            await AttachedTerraformAsync(["plan", $"-out={File}"], cancellationToken);
            return await TerraformRoot.Plain(Environment.Folder).ReadPlanAsync(File, cancellationToken);
        }

        var root = Prepared();
        await Output.Steps.RunAsync($"terraform init {Environment.Name}", () => root.InitAsync(cancellationToken));
        Plan? plan = null;
        await Output.Steps.RunAsync($"terraform plan {Environment.Name}", async () => plan = await root.PlanAsync(cancellationToken));
        return plan!;
    }

    /// <summary>Destroys what <see cref="ApplyAsync"/> made.</summary>
    /// <exception cref="UsageException">On the local AWS, when these commands did not apply it.</exception>
    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        if (Aws is null)
        {
            await AttachedTerraformAsync(["destroy"], cancellationToken);
            return;
        }

        var root = Linked();
        if (!await HasOwnStateAsync(root, cancellationToken))
        {
            throw new UsageException(
                await IsHereByPlainTerraformAsync(cancellationToken)
                    ? $"{Environment.Name} was applied by plain terraform in {Environment.Folder}: destroy it by terraform there."
                    : $"{Environment.Name} was not applied on this local AWS. `make down` stops the local AWS with all it holds.");
        }

        await Output.Steps.RunAsync($"terraform destroy {Environment.Name}", () => root.DestroyAsync(cancellationToken));
    }

    /// <summary>The applied pipeline; found in the state of these commands, else in that of plain Terraform in the root's folder.</summary>
    /// <exception cref="UsageException">Nothing was applied here yet.</exception>
    public async Task<Deployment> OpenAsync(CancellationToken cancellationToken)
    {
        if (Aws is not null)
        {
            var linked = Linked();
            if (await HasOwnStateAsync(linked, cancellationToken))
            {
                return await Deployment.OpenAsync(await linked.OutputsAsync(cancellationToken), cancellationToken);
            }
        }

        var outputs = await PlainOutputsAsync(cancellationToken);
        if (outputs is null || !await ExistsHereAsync(outputs, cancellationToken))
        {
            var place = Aws is null ? "in the account that your AWS variables name" : $"on the local AWS of port {Aws.Port}";
            throw new UsageException(
                $"{Environment.Name} was not applied {place}. `make apply "
                + $"{Environment.Selector}{(Aws is null ? " TARGET=account" : "")}` does it.");
        }

        return await Deployment.OpenAsync(outputs, cancellationToken);
    }

    /// <summary>The root for Terraform to plan or apply on the local AWS, with the function's package for this machine.</summary>
    private TerraformRoot Prepared()
    {
        if (PackagedFunction.ForThisMachine != PackagedFunction.ForAws)
        {
            // Variables that a root does not declare are ignored when they come from the environment.
            System.Environment.SetEnvironmentVariable(
                "TF_VAR_artifacts", $"{{ doorbell_zip = \"{PackagedFunction.ForThisMachine.Zip}\" }}");
        }

        return Linked();
    }

    private TerraformRoot Linked() =>
        new(LinkedRoot.Make(Environment.Folder, Path.Combine(Folder, "root")), StateFolder);

    private static async Task<bool> HasOwnStateAsync(TerraformRoot root, CancellationToken cancellationToken) =>
        File.Exists(root.StateFile) && !(await root.OutputsAsync(cancellationToken)).IsEmpty;

    private async Task<bool> IsHereByPlainTerraformAsync(CancellationToken cancellationToken) =>
        await PlainOutputsAsync(cancellationToken) is { } outputs && await ExistsHereAsync(outputs, cancellationToken);

    /// <returns>Null when plain Terraform was not used in the root's folder, or what it keeps cannot be read from here.</returns>
    private async Task<TerraformOutputs?> PlainOutputsAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(Environment.Folder, ".terraform")))
        {
            return null;
        }

        try
        {
            var outputs = await TerraformRoot.Plain(Environment.Folder).OutputsAsync(cancellationToken);
            return outputs.Has(Deployment.PipelineOutputName) && outputs.Has(Deployment.SourceOutputName) ? outputs : null;
        }
        catch (CommandFailedException) when (Aws is not null)
        {
            // A backend in an account, which the local AWS has not.
            return null;
        }
    }

    private static async Task<bool> ExistsHereAsync(TerraformOutputs outputs, CancellationToken cancellationToken)
    {
        using var dms = new AmazonDatabaseMigrationServiceClient();
        try
        {
            await dms.DescribeReplicationTaskAsync(outputs.Read<PipelineOutput>(Deployment.PipelineOutputName).TaskArn, cancellationToken);
            return true;
        }
        catch (Amazon.Runtime.AmazonServiceException unknown) when (unknown.ErrorCode is "ResourceNotFoundFault" or "AccessDeniedFault")
        {
            return false;
        }
    }

    private async Task AttachedTerraformAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var code = await Attached.RunAsync("terraform", [$"-chdir={Environment.Folder}", .. arguments], cancellationToken);
        if (code != 0)
        {
            throw new UsageException($"terraform {arguments[0]} ended with exit code {code}.");
        }
    }
}
