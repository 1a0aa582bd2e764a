using System.Collections.ObjectModel;
using System.IO.Compression;
using Cdc.Harness;
using Cdc.Harness.Commands;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Terraform;
using CliWrap;
using CliWrap.Buffered;

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>
/// examples/own-root in a folder outside the checkout, with nothing of it but the archive of a release, applied by plain
/// <c>terraform</c> beside the environment: what a platform team does in its own repository.
/// </summary>
public sealed class OwnRoot
{
    private const string Version = "0.0.0-test";

    private readonly string _repository;
    private readonly IReadOnlyDictionary<string, string?> _variables;

    private OwnRoot(string repository)
    {
        _repository = repository;
        Folder = Path.Combine(repository, "examples", "own-root");
        _variables = new ReadOnlyDictionary<string, string?>(new Dictionary<string, string?> { ["TF_VAR_account_roles_exist"] = "true" });
    }

    public string Folder { get; }

    /// <summary>Applies it; the environment has made the account's roles.</summary>
    public static async Task<OwnRoot> ApplyAsync(CancellationToken cancellationToken)
    {
        await Session.Command(Path.Combine(RepositoryLayout.Root, "cli", "run.sh"), "package", "--version", Version)
            .RunSuccessfullyAsync(cancellationToken);
        var repository = Directory.CreateTempSubdirectory("cdc own root ").FullName;
        var archive = Path.Combine(RepositoryLayout.Dist, $"cdc-pipeline-{Version}.zip");
        await ZipFile.ExtractToDirectoryAsync(archive, repository, cancellationToken);
        File.Delete(archive);
        File.Delete($"{archive}.sha256");

        var root = new OwnRoot(repository);
        Directory.CreateDirectory(root.Folder);
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryLayout.Root, "examples", "own-root"), "*.tf"))
        {
            File.Copy(file, Path.Combine(root.Folder, Path.GetFileName(file)));
        }

        await root.TerraformAsync(["init", "-input=false", "-no-color"], cancellationToken);
        await root.TerraformAsync(["apply", "-auto-approve", "-input=false", "-no-color"], cancellationToken);
        return root;
    }

    public async Task<Deployment> OpenAsync(CancellationToken cancellationToken) =>
        await Deployment.OpenAsync(await TerraformRoot.Plain(Folder).OutputsAsync(cancellationToken), cancellationToken);

    /// <summary>One of the commands behind make, on this root.</summary>
    public Task<BufferedCommandResult> CommandAsync(int port, string[] arguments, CancellationToken cancellationToken) =>
        Session.Command(
            Path.Combine(RepositoryLayout.Root, "cli", "run.sh"),
            [arguments[0], "--dir", Folder, "--port", $"{port}", .. arguments[1..]])
            .RunAsync(cancellationToken);

    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        await TerraformAsync(["destroy", "-auto-approve", "-input=false", "-no-color"], cancellationToken);
        Directory.Delete(_repository, recursive: true);
    }

    private async Task TerraformAsync(string[] arguments, CancellationToken cancellationToken) =>
        await Session.Command("terraform", arguments).WithWorkingDirectory(Folder).WithEnvironmentVariables(_variables)
            .RunSuccessfullyAsync(cancellationToken);
}
