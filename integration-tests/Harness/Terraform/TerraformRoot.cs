using System.Text.Json;
using System.Text.Json.Nodes;
using Cdc.Harness.Commands;

namespace Cdc.Harness.Terraform;

/// <summary>
/// A Terraform root module together with where its state lies. State, plan, provider links and variables are kept in one folder outside the
/// checkout's sources, so that two stacks of one root do not meet and a stack can be destroyed later, whatever happened to the program.
/// </summary>
/// <param name="Folder">The root module.</param>
/// <param name="StateFolder">Folder of this stack's state.</param>
public sealed record TerraformRoot(string Folder, string StateFolder)
{
    private const int NoChanges = 0;
    private const int Changes = 2;

    private static readonly JsonSerializerOptions OutputFormat = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    /// <summary>Values of the root's variables.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    /// <summary>Set over the own environment for every command.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Gets every line that Terraform prints.</summary>
    public Action<string>? OnLine { get; init; }

    public string StateFile => Path.Combine(StateFolder, "terraform.tfstate");

    /// <summary>Everything that Terraform printed, of all commands.</summary>
    public string LogFile => Path.Combine(StateFolder, "terraform.log");

    private string VariablesFile => Path.Combine(StateFolder, "variables.tfvars.json");

    private string PlanFile => Path.Combine(StateFolder, "plan.tfplan");

    public Task InitAsync(CancellationToken cancellationToken) =>
        SucceedAsync("init", ["-reconfigure", $"-backend-config=path={StateFile}"], cancellationToken);

    public async Task ApplyAsync(CancellationToken cancellationToken) =>
        await SucceedAsync("apply", ["-auto-approve", await WriteVariablesAsync(cancellationToken)], cancellationToken);

    /// <exception cref="CommandFailedException">The plan failed.</exception>
    public async Task<Plan> PlanAsync(CancellationToken cancellationToken)
    {
        var command = Command("plan", "-detailed-exitcode", $"-out={PlanFile}", await WriteVariablesAsync(cancellationToken));
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
        var result = await (Command("output", "-json", name) with { OnLine = null }).RunSuccessfullyAsync(cancellationToken);
        return JsonSerializer.Deserialize<T>(result.Output, OutputFormat) ?? throw new JsonException($"The output {name} of {Folder} is null.");
    }

    public async Task DestroyAsync(CancellationToken cancellationToken) =>
        await SucceedAsync("destroy", ["-auto-approve", await WriteVariablesAsync(cancellationToken)], cancellationToken);

    private async Task SucceedAsync(string verb, string[] arguments, CancellationToken cancellationToken) =>
        await Command(verb, arguments).RunSuccessfullyAsync(cancellationToken);

    private async Task<JsonObject> ShowAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var result = await (Command("show", ["-json", .. arguments]) with { OnLine = null }).RunSuccessfullyAsync(cancellationToken);
        return (JsonObject)JsonNode.Parse(result.Output)!;
    }

    private async Task<string> WriteVariablesAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(StateFolder);
        await File.WriteAllTextAsync(VariablesFile, JsonSerializer.Serialize(Variables), cancellationToken);
        return $"-var-file={VariablesFile}";
    }

    private Command Command(string verb, params string[] arguments)
    {
        Directory.CreateDirectory(StateFolder);
        // output and show take neither option.
        string[] options = verb switch { "output" or "show" => ["-no-color"], _ => ["-input=false", "-no-color"] };
        var environment = new Dictionary<string, string?>(Environment) { ["TF_DATA_DIR"] = Path.Combine(StateFolder, "terraform"), ["TF_IN_AUTOMATION"] = "1" };
        return new Command("terraform", [verb, .. options, .. arguments])
        {
            WorkingDirectory = Folder,
            Environment = environment,
            OnLine = line =>
            {
                lock (LogFile)
                {
                    File.AppendAllText(LogFile, line + "\n");
                }

                OnLine?.Invoke(line);
            },
        };
    }
}
