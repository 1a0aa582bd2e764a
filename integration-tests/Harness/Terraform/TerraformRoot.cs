using System.Text.Json;
using System.Text.Json.Nodes;
using Cdc.Harness.Commands;

namespace Cdc.Harness.Terraform;

/// <summary>
/// A Terraform root module together with where its state lies. State, plan and provider links are kept in one folder outside the
/// checkout's sources, so that two stacks of one root do not meet and a stack can be destroyed later, whatever happened to the program.
/// </summary>
/// <param name="Folder">The root module.</param>
/// <param name="StateFolder">Folder of this stack's state.</param>
public sealed record TerraformRoot(string Folder, string StateFolder)
{
    private const int NoChanges = 0;
    private const int Changes = 2;

    private static readonly JsonSerializerOptions OutputFormat = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    public string StateFile => Path.Combine(StateFolder, "terraform.tfstate");

    /// <summary>Everything that Terraform printed, of all commands that do something.</summary>
    public string LogFile => Path.Combine(StateFolder, "terraform.log");

    private readonly Lock _log = new();

    private string PlanFile => Path.Combine(StateFolder, "plan.tfplan");

    public Task InitAsync(CancellationToken cancellationToken) =>
        SucceedAsync("init", ["-reconfigure", $"-backend-config=path={StateFile}"], cancellationToken);

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

    /// <summary>The state as <c>terraform show -json</c> prints it.</summary>
    public Task<JsonObject> ShowAsync(CancellationToken cancellationToken) => ShowAsync([], cancellationToken);

    /// <summary>An output, its members in snake case.</summary>
    public async Task<T> OutputAsync<T>(string name, CancellationToken cancellationToken)
    {
        var result = await Command("output", "-json", name).RunSuccessfullyAsync(cancellationToken);
        return JsonSerializer.Deserialize<T>(result.Output, OutputFormat) ?? throw new JsonException($"The output {name} of {Folder} is null.");
    }

    public async Task DestroyAsync(CancellationToken cancellationToken) =>
        await SucceedAsync("destroy", ["-auto-approve"], cancellationToken);

    private async Task SucceedAsync(string verb, string[] arguments, CancellationToken cancellationToken) =>
        await Command(verb, arguments).RunSuccessfullyAsync(cancellationToken);

    private async Task<JsonObject> ShowAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var result = await Command("show", ["-json", .. arguments]).RunSuccessfullyAsync(cancellationToken);
        return (JsonObject)JsonNode.Parse(result.Output)!;
    }

    private Command Command(string verb, params string[] arguments)
    {
        Directory.CreateDirectory(StateFolder);
        // output and show take neither option.
        var reads = verb is "output" or "show";
        string[] options = reads ? ["-no-color"] : ["-input=false", "-no-color"];
        return new Command("terraform", [verb, .. options, .. arguments])
        {
            WorkingDirectory = Folder,
            Environment = new Dictionary<string, string?> { ["TF_DATA_DIR"] = Path.Combine(StateFolder, "terraform"), ["TF_IN_AUTOMATION"] = "1" },
            OnLine = reads ? null : Log,
        };
    }

    private void Log(string line)
    {
        lock (_log)
        {
            File.AppendAllText(LogFile, line + "\n");
        }
    }
}
