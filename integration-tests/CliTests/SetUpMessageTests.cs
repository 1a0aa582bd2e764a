using Cdc.Cli.Interface;
using Cdc.Cli.Setup;
using Cdc.Harness;
using Cdc.Harness.Commands;
using CliWrap;
using CliWrap.Buffered;

namespace Cdc.Cli.Tests;

/// <summary>What people are told when something cannot be fetched.</summary>
public sealed class SetUpMessageTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cdc-set-up-");
    private readonly CancellationTokenSource _limit = new(Limit);

    public void Dispose()
    {
        _limit.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_package_index_that_is_not_reached_is_named_once_with_what_helps()
    {
        var failure = await InstallAsync(new Dictionary<string, string?>
        {
            ["PIP_INDEX_URL"] = "http://user:secret@127.0.0.1:9/simple",
            ["PIP_NO_INDEX"] = null,
            ["PIP_FIND_LINKS"] = null,
            ["PIP_EXTRA_INDEX_URL"] = null,
        });

        failure.Should().Contain("http://127.0.0.1:9/simple").And.Contain("no-such-package==1.0")
            .And.Contain("PIP_INDEX_URL").And.Contain("PIP_FIND_LINKS")
            .And.NotContain("Retrying").And.NotContain("secret");
        failure.Split('\n').Should().HaveCountLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task A_folder_of_wheels_that_lacks_one_is_named_with_what_helps()
    {
        var failure = await InstallAsync(new Dictionary<string, string?> { ["PIP_NO_INDEX"] = "1", ["PIP_FIND_LINKS"] = _folder.FullName });

        failure.Should().Contain(_folder.FullName).And.Contain("no-such-package==1.0");
    }

    [Fact]
    public void A_registry_of_Terraforms_that_is_not_reached_comes_with_what_helps()
    {
        var result = new BufferedCommandResult(
            1, default, default, "",
            "Error: Failed to query available provider packages\n"
                + "Could not retrieve the list of available versions for provider hashicorp/aws");

        var told = KnownFailure.Explain(new CommandFailedException(Session.Command("bash", "init"), result));

        told.Should().Contain("hashicorp/aws").And.Contain("TF_CLI_CONFIG_FILE");
    }

    [Fact]
    public async Task A_tool_is_found_where_version_managers_put_it_although_the_path_has_another_version()
    {
        // A home as pyenv and SDKMAN leave it, and a PATH with wrong versions of both.
        var tools = _folder.CreateSubdirectory("path").FullName;
        Script(Path.Combine(tools, "python3"), "echo Python 3.9.2");
        Script(Path.Combine(tools, "java"), "echo 'openjdk version \"21.0.1\"' >&2");
        var python = Script(
            Path.Combine(_folder.FullName, ".pyenv", "versions", "3.11.9", "bin", "python3.11"), "[[ $1 == -c ]] || echo Python 3.11.9");
        var java = Script(
            Path.Combine(_folder.FullName, ".sdkman", "candidates", "java", "17.0.9-tem", "bin", "java"),
            "echo 'openjdk version \"17.0.9\" 2023-10-17' >&2");
        foreach (var needed in (string[])
            ["bash", "grep", "sed", "head", "tail", "cut", "sort", "ls",
            "dirname", "dotnet", "terraform", "env"])
        {
            File.CreateSymbolicLink(Path.Combine(tools, needed), Programs.Find(needed));
        }

        var result = await CliWrap.Cli.Wrap("bash").WithArguments([Path.Combine(RepositoryLayout.Root, "cli", "prerequisites.sh")])
            .WithEnvironmentVariables(new Dictionary<string, string?>
            {
                ["PATH"] = tools,
                ["HOME"] = _folder.FullName,
                ["PYTHON"] = null,
                ["JAVA_HOME"] = null,
                ["PYENV_ROOT"] = null,
                ["SDKMAN_DIR"] = null,
            })
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(_limit.Token);

        var found = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        found[0].Should().Be(python, result.StandardError);
        // Where Debian has its own 17 that one comes first, and is as good.
        found[1].Should().Match(home => home == Path.GetDirectoryName(Path.GetDirectoryName(java)) || home.StartsWith(
            "/usr/lib/jvm/", StringComparison.Ordinal));
    }

    private static string Script(string file, string body)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/bash\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return file;
    }

    private async Task<string> InstallAsync(IReadOnlyDictionary<string, string?> variables)
    {
        var requirements = Path.Combine(_folder.FullName, "requirements.txt");
        await File.WriteAllTextAsync(requirements, "no-such-package==1.0\n", _limit.Token);

        var installing = () => PipInstall.RunAsync(RepositoryLayout.Python, requirements, _limit.Token, variables);

        return (await installing.Should().ThrowAsync<UsageException>()).Which.Message;
    }
}
