using System.Text.Json.Nodes;
using Cdc.Harness.Commands;
using CliWrap;

namespace Cdc.Harness.Terraform;

/// <summary>
/// A Terraform root module together with where its state lies. State, plan and provider links are kept in one folder outside the
/// checkout's sources, so that two stacks of one root do not meet and a stack can be destroyed later, whatever happened to the program.
/// </summary>
/// <param name="Folder">The root module.</param>
/// <param name="StateFolder">Folder of this stack's state; null for the root's own backend, with what plain <c>terraform</c> in its folder
/// made.</param>
public sealed record TerraformRoot(string Folder, string? StateFolder)
{
    private const int NoChanges = 0;
    private const int Changes = 2;

    /// <summary>The local state; meaningless for a root with a backend of its own.</summary>
    public string StateFile => Path.Combine(StateFolder ?? Folder, "terraform.tfstate");

    /// <summary>Everything that Terraform printed, of all commands that do something.</summary>
    public string LogFile => Path.Combine(StateFolder ?? Folder, "terraform.log");

    private readonly Lock _log = new();

    private string? DataFolder => StateFolder is null ? null : Directory.CreateDirectory(Path.Combine(StateFolder, "terraform")).FullName;

    private string PlanFile => Path.Combine(StateFolder ?? Folder, "plan.tfplan");

    /// <summary>A root as whoever calls <c>terraform</c> in its folder sees it.</summary>
    public static TerraformRoot Plain(string folder) => new(folder, null);

    /// <summary>Runs <c>terraform init</c>; where a state folder is given, the state lies there and not in the root's folder.</summary>
    public Task InitAsync(CancellationToken cancellationToken) =>
        SucceedAsync("init", StateFolder is null ? [] : ["-reconfigure", $"-backend-config=path={StateFile}"], cancellationToken);

    /// <summary>Runs <c>terraform apply</c> without asking.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken) =>
        await SucceedAsync("apply", ["-auto-approve"], cancellationToken);

    /// <exception cref="CommandFailedException">The plan failed.</exception>
    public async Task<Plan> PlanAsync(CancellationToken cancellationToken)
    {
        var command = Command("plan", "-detailed-exitcode", $"-out={PlanFile}");
        var result = await command.RunAsync(cancellationToken);
        if (result.ExitCode is not (NoChanges or Changes))
        {
            throw new CommandFailedException(command, result);
        }

        return new Plan(await ShowAsync([PlanFile], cancellationToken));
    }

    /// <summary>A plan that was written to a file, given from the root's folder.</summary>
    public async Task<Plan> ReadPlanAsync(string file, CancellationToken cancellationToken) =>
        new(await ShowAsync([file], cancellationToken));

    /// <summary>The state as <c>terraform show -json</c> prints it.</summary>
    public Task<JsonObject> ShowAsync(CancellationToken cancellationToken) => ShowAsync([], cancellationToken);

    /// <summary>All outputs; none when nothing was applied.</summary>
    public async Task<TerraformOutputs> OutputsAsync(CancellationToken cancellationToken)
    {
        var result = await Command("output", "-json").RunSuccessfullyAsync(cancellationToken);
        return new TerraformOutputs((JsonObject)JsonNode.Parse(result.StandardOutput)!, Folder);
    }

    /// <summary>Runs <c>terraform destroy</c> without asking; what is in the state goes.</summary>
    public async Task DestroyAsync(CancellationToken cancellationToken) =>
        await SucceedAsync("destroy", ["-auto-approve"], cancellationToken);

    private async Task SucceedAsync(string verb, string[] arguments, CancellationToken cancellationToken) =>
        await Command(verb, arguments).RunSuccessfullyAsync(cancellationToken);

    private async Task<JsonObject> ShowAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var result = await Command("show", ["-json", .. arguments]).RunSuccessfullyAsync(cancellationToken);
        return (JsonObject)JsonNode.Parse(result.StandardOutput)!;
    }

    private Command Command(string verb, params string[] arguments)
    {
        // output and show take neither option.
        var reads = verb is "output" or "show";
        string[] options = reads ? ["-no-color"] : ["-input=false", "-no-color"];
        var command = Session.Command("terraform", [verb, .. options, .. arguments])
            .WithWorkingDirectory(Folder)
            .WithEnvironmentVariables(
                variables => (DataFolder is { } data ? variables.Set("TF_DATA_DIR", data) : variables).Set("TF_IN_AUTOMATION", "1"));
        return reads ? command : command.WithLines(Log);
    }

    private void Log(string line)
    {
        lock (_log)
        {
            File.AppendAllText(LogFile, line + "\n");
        }
    }
}
