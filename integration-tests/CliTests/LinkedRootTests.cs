using Cdc.Cli.Environments;
using Cdc.Harness.Commands;
using Cdc.Harness.Terraform;

namespace Cdc.Cli.Tests;

/// <summary>
/// How a root is applied on the local AWS, whatever backend it has, without a trace in its folder. The resources need no provider.
/// </summary>
public sealed class LinkedRootTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cdc linked ");
    private readonly CancellationTokenSource _limit = new(Limit);

    public void Dispose()
    {
        _limit.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("terraform {\n  backend \"local\" {\n    path = \"own.tfstate\"\n  }\n}\n")]
    [InlineData("terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n    key = \"prod\"\n    region = \"eu-west-1\"\n  }\n}\n")]
    public async Task A_root_with_any_backend_is_applied_with_a_state_of_the_places_own(string backend)
    {
        var root = Root("repository/live/prod", backend);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "repository", ".git"));
        // What plain Terraform left: the state of an account, which must not be touched.
        File.WriteAllText(Path.Combine(root, "terraform.tfstate"), "not this one");
        Directory.CreateDirectory(Path.Combine(root, ".terraform"));
        var before = Listing(root);

        var linked = new TerraformRoot(
            LinkedRoot.Make(root, Path.Combine(_folder.FullName, "place")), Path.Combine(_folder.FullName, "state"));
        await linked.InitAsync(_limit.Token);
        await linked.ApplyAsync(_limit.Token);

        (await linked.OutputsAsync(_limit.Token)).Read<string>("text").Should().Be("text of a module, text of a file");
        File.Exists(linked.StateFile).Should().BeTrue();
        Listing(root).Should().Equal(before);
        File.ReadAllText(Path.Combine(root, "terraform.tfstate")).Should().Be("not this one");
    }

    [Fact]
    public async Task What_is_changed_added_and_removed_in_the_root_is_so_in_the_next_command()
    {
        var root = Root("live/dev", "");
        var place = Path.Combine(_folder.FullName, "place");
        LinkedRoot.Make(root, place);
        File.Delete(Path.Combine(root, "backend.tf"));
        File.WriteAllText(Path.Combine(root, "more.tf"), "output \"more\" {\n  value = 1\n}\n");

        var linked = new TerraformRoot(LinkedRoot.Make(root, place), Path.Combine(_folder.FullName, "state"));
        await linked.InitAsync(_limit.Token);
        await linked.ApplyAsync(_limit.Token);

        (await linked.OutputsAsync(_limit.Token)).Read<int>("more").Should().Be(1);
        File.Exists(Path.Combine(linked.Folder, "backend.tf")).Should().BeFalse();
    }

    [Fact]
    public async Task A_root_that_plain_terraform_applied_is_read_where_it_lies()
    {
        var root = Root("live/plain", "");
        foreach (var verb in (string[][])[["init"], ["apply", "-auto-approve"]])
        {
            await Session.Command("terraform", [$"-chdir={root}", .. verb]).RunSuccessfullyAsync(_limit.Token);
        }

        (await TerraformRoot.Plain(root).OutputsAsync(_limit.Token)).Read<string>("text").Should().EndWith("text of a file");
    }

    private static IEnumerable<string> Listing(string folder) =>
        Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order();

    private string Root(string path, string backend)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder.FullName, path)).FullName;
        var parent = Path.GetDirectoryName(Path.GetDirectoryName(root))!;
        var module = Directory.CreateDirectory(Path.Combine(parent, "modules", "text")).FullName;
        File.WriteAllText(Path.Combine(module, "main.tf"), "output \"text\" {\n  value = \"text of a module\"\n}\n");
        Directory.CreateDirectory(Path.Combine(parent, "files"));
        File.WriteAllText(Path.Combine(parent, "files", "text"), "text of a file");
        File.WriteAllText(Path.Combine(root, "backend.tf"), backend);
        File.WriteAllText(
            Path.Combine(root, "main.tf"),
            """
            module "text" {
              source = "../../modules/text"
            }

            resource "terraform_data" "text" {
              input = "${module.text.text}, ${file("../../files/text")}"
            }

            output "text" {
              value = terraform_data.text.output
            }
            """);
        return root;
    }
}
