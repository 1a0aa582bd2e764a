using Cdc.Cli.Commands;
using Cdc.Cli.Interface;
using Cdc.Harness;

namespace Cdc.Cli.Tests;

/// <summary>What the command line says of itself, accepts and refuses, before anything runs.</summary>
public sealed class InterfaceTests
{
    public static TheoryData<string> Commands { get; } = [.. RootCommandFactory.Create().Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_explains_itself(string command)
    {
        var (code, output, errors) = await RunAsync(command, "--help");

        code.Should().Be(0);
        output.Should().Contain($" {command} ").And.Contain(RootCommandFactory.Create().Subcommands.Single(
            known => known.Name == command).Description!);
        errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("status --sql x", "*--sql*")]
    [InlineData("up --port 70000", "*PORT=70000*65535*")]
    [InlineData("up --port ten", "*PORT=ten*")]
    [InlineData("status --env a --dir b", "*--env or --dir, not both*")]
    [InlineData("status --target cloud", "*TARGET=cloud*local or account*")]
    [InlineData("status --target 1", "*TARGET=1*local or account*")]
    [InlineData("status --target acount", "*TARGET=acount*local or account*")]
    [InlineData("up --port 0", "*PORT=0*65535*")]
    [InlineData("up --port -1", "*PORT=-1*")]
    [InlineData("up --port 4566.0", "*PORT=4566.0*")]
    [InlineData("demo --env local --env dev", "*--env*")]
    [InlineData("status --target account --port 4566", "*an account has none*")]
    [InlineData("run-job --rebuild a.b --dry-run true", "*--dry-run and --rebuild cannot be done by one run*")]
    [InlineData("query", "*--sql*required*")]
    [InlineData("query --sql ", "*make query SQL=*")]
    [InlineData("reload", "*--tables*required*")]
    [InlineData("reload --tables ", "*make reload TABLES=*")]
    [InlineData("with-aws", "*Required argument*")]
    [InlineData("package --version next", "*VERSION=next*1.2.3*")]
    [InlineData("completion fish", "*fish*")]
    [InlineData("stat", "*stat*")]
    public async Task What_is_wrong_on_the_command_line_is_named_and_nothing_runs(string line, string expected)
    {
        var (code, _, errors) = await RunAsync(line.Split(' '));

        code.Should().Be(1);
        errors.Should().Match(expected);
    }

    [Theory]
    [InlineData("--env=nowhere")]
    [InlineData("--env:nowhere")]
    [InlineData("--env nowhere")]
    public async Task A_value_may_follow_its_option_after_a_blank_an_equals_sign_or_a_colon(string option)
    {
        var running = () => RunAsync(["status", .. option.Split(' ')]);

        await running.Should().ThrowAsync<UsageException>().WithMessage(
            "There is no environment \"nowhere\"; environments/ has *local*DIR=*");
    }

    [Fact]
    public void What_the_job_takes_is_spelled_as_the_job_spells_it()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryLayout.Root, "glue", "cdc", "arguments.py"));

        JobOption.All().Select(option => $"\"{option.Argument}\"").Should().AllSatisfy(argument => source.Should().Contain(argument));
    }

    [Fact]
    public async Task Whoever_passes_an_option_to_the_program_beside_a_local_AWS_does_not_have_it_taken()
    {
        var parsed = RootCommandFactory.Create().Parse(["with-aws", "terraform", "-chdir=modules/rds", "test", "-no-color", "--env=x"]);

        parsed.Errors.Should().BeEmpty();
        parsed.GetValue<string[]>("program").Should().Equal("terraform", "-chdir=modules/rds", "test", "-no-color", "--env=x");
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("bash", "complete -F")]
    [InlineData("zsh", "compdef")]
    public async Task A_shell_can_complete(string shell, string expected)
    {
        var (code, output, _) = await RunAsync("completion", shell);

        code.Should().Be(0);
        output.Should().Contain(expected).And.Contain("/cli/run.sh");
        (await RunAsync("[suggest:3]", "sta")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal("start", "status");
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await RootCommandFactory.Create().Parse(arguments).InvokeAsync(
            new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), errors.ToString());
    }
}
