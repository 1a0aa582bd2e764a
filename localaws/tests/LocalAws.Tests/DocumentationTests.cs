using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

/// <summary>What docs/local-aws.md says to whoever uses the local AWS without this repository's environments.</summary>
[Collection(GatewayCollection.Name)]
public sealed partial class DocumentationTests(SharedGateway shared)
{
    private const string Start = "<!-- operations -->\n";
    private const string End = "<!-- /operations -->\n";

    private static readonly string Document = Path.Combine(Repository.Root, "docs", "local-aws.md");

    private readonly Gateway _gateway = shared.Gateway;

    [Fact]
    public async Task The_list_of_operations_is_that_of_the_gateway()
    {
        var expected = await TableAsync();
        var text = await File.ReadAllTextAsync(Document);
        var written = text[(text.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..text.IndexOf(End, StringComparison.Ordinal)];

        written.Should().Be(expected, $"this belongs between the marks of {Document}");
    }

    [Fact]
    public async Task A_Terraform_root_that_knows_nothing_of_it_is_applied_twice_and_destroyed()
    {
        var folder = Directory.CreateTempSubdirectory("own-root-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "main.tf"), await BlockAsync("hcl"));

            await RunAsync(folder, "terraform", "init", "-input=false");
            (await RunAsync(folder, "terraform", "apply", "-auto-approve", "-input=false")).Should().Contain("bucket = \"my-raw\"");
            (await RunAsync(folder, "terraform", "plan", "-input=false", "-detailed-exitcode")).Should().Contain("No changes.");
            await RunAsync(folder, "terraform", "destroy", "-auto-approve", "-input=false");
            (await _gateway.Client.GetStringAsync("/_localaws/inventory")).Should().NotContain("my-raw").And.NotContain("my_lake");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_SDK_needs_the_three_exports_and_nothing_else() =>
        (await RunAsync(_gateway.Home, Repository.Python, "-c", await BlockAsync("python"))).Should().Contain("from-python");

    [GeneratedRegex("^export (.*)$", RegexOptions.Multiline)]
    private static partial Regex Export();

    [GeneratedRegex(@"(\w+)=(\S+)")]
    private static partial Regex Variable();

    private static async Task<string> BlockAsync(string language) =>
        Regex.Match(await File.ReadAllTextAsync(Document), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    /// <summary>Runs a program with the exports of the document, for the port of this gateway, and with no other AWS setting.</summary>
    /// <returns>What it wrote.</returns>
    private async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (Match export in Export().Matches(await File.ReadAllTextAsync(Document)))
        {
            foreach (Match variable in Variable().Matches(export.Groups[1].Value))
            {
                start.Environment[variable.Groups[1].Value] = variable.Groups[2].Value.Replace(
                    "4566", $"{_gateway.Port}", StringComparison.Ordinal);
            }
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, $"{program} {string.Join(' ', arguments)} wrote:\n{await output}\n{await error}");
        return await output;
    }

    private async Task<string> TableAsync()
    {
        var services = (JsonObject)JsonNode.Parse(await _gateway.Client.GetStringAsync("/_localaws/operations"))!;
        var table = new StringBuilder("\n| service | by | operations |\n|---|---|---|\n");
        foreach (var (service, lists) in services)
        {
            foreach (var (by, operations) in (JsonObject)lists!)
            {
                if (operations!.AsArray().Count > 0)
                {
                    table.Append(
                        $"| {service} | {by} | {string.Join(", ", operations.AsArray().Select(name => name!.GetValue<string>()))} |\n");
                }
            }
        }

        return table.Append('\n').ToString();
    }
}
