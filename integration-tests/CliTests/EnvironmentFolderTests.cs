using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Places;

namespace Cdc.Cli.Tests;

/// <summary>Which folders are environments, and what they say of themselves.</summary>
public sealed class EnvironmentFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cdc-environment-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_of_environments_is_known_by_its_name()
    {
        var environment = EnvironmentFolder.Named("local");

        environment.Key.Should().Be("local");
        environment.Selector.Should().Be("ENV=local");
        File.Exists(Path.Combine(environment.Folder, "main.tf")).Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../modules")]
    [InlineData("nowhere")]
    public void A_name_that_is_no_environment_is_refused_with_those_that_are(string name)
    {
        var naming = () => EnvironmentFolder.Named(name);

        naming.Should().Throw<UsageException>().WithMessage("*environments/ has*local*");
    }

    [Fact]
    public void Roots_of_one_name_in_two_folders_are_two_environments()
    {
        var first = EnvironmentFolder.At(Root("one/live"));
        var second = EnvironmentFolder.At(Root("two/live") + "/");

        first.Name.Should().Be("live");
        second.Name.Should().Be("live");
        second.Key.Should().NotBe(first.Key).And.StartWith("live-");
        second.Selector.Should().Be($"DIR={second.Folder}");
        EnvironmentFolder.At(first.Folder).Key.Should().Be(first.Key);
    }

    [Fact]
    public void A_folder_without_Terraform_is_no_environment()
    {
        var naming = () => EnvironmentFolder.At(_folder.FullName);

        naming.Should().Throw<UsageException>().WithMessage("*no root module*");
    }

    [Fact]
    public void A_root_may_be_applied_everywhere_unless_it_says_otherwise()
    {
        var root = EnvironmentFolder.At(Root("prod"));
        root.RequireAllowed(Target.Local);
        root.RequireAllowed(Target.Account);

        File.WriteAllText(Path.Combine(root.Folder, "cdc.json"), """{ "targets": ["account"] }""");

        root.RequireAllowed(Target.Account);
        var local = () => root.RequireAllowed(Target.Local);
        local.Should().Throw<UsageException>().WithMessage("prod is not for TARGET=local*account alone*");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "targets": "account" }""")]
    [InlineData("""{ "targets": ["moon"] }""")]
    public void A_file_that_should_say_where_a_root_belongs_and_does_not_is_named_with_its_form(string content)
    {
        var root = EnvironmentFolder.At(Root("odd"));
        File.WriteAllText(Path.Combine(root.Folder, "cdc.json"), content);

        var allowing = () => root.RequireAllowed(Target.Local);

        allowing.Should().Throw<UsageException>().WithMessage("*cdc.json should be like*");
    }

    private string Root(string path)
    {
        var root = _folder.CreateSubdirectory(path);
        File.WriteAllText(Path.Combine(root.FullName, "main.tf"), "");
        return root.FullName;
    }
}
