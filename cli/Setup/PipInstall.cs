using Cdc.Cli.Interface;
using Cdc.Harness.Commands;
using CliWrap;

namespace Cdc.Cli.Setup;

/// <summary>pip, whose many lines about a package index that it cannot reach become one message with what helps.</summary>
internal static class PipInstall
{
    private const string DefaultIndex = "https://pypi.org/simple";
    private const string Retries = "2";

    /// <param name="python">Of the virtual environment.</param>
    /// <param name="requirements">The file with the pinned packages; what it includes is found beside it.</param>
    /// <param name="variables">Over those of this process.</param>
    /// <exception cref="UsageException">A package cannot be had.</exception>
    public static async Task RunAsync(
        string python, string requirements, CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? variables = null)
    {
        var result = await Session.Command(
            python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--retries", Retries, "-r", requirements)
            .WithWorkingDirectory(Path.GetDirectoryName(requirements)!)
            .WithEnvironmentVariables(variables ?? new Dictionary<string, string?>())
            .RunAsync(cancellationToken);
        if (!result.IsSuccess)
        {
            throw new UsageException(Explain(result.StandardError, await SourceAsync(python, variables, cancellationToken)));
        }
    }

    private static string Explain(string said, string source)
    {
        var errors = said.Split('\n').Where(
            line => line.StartsWith("ERROR:", StringComparison.Ordinal)).Select(line => line["ERROR:".Length..].Trim());
        var reason = string.Join(' ', errors.Distinct()) is { Length: > 0 } found ? found : said.Trim();
        return $"The Python packages cannot be had from {source}: {reason}\n"
            + "Where that is not reached, set PIP_INDEX_URL to a mirror of the package index, or PIP_NO_INDEX=1 and "
            + "PIP_FIND_LINKS to a folder of wheels.";
    }

    /// <summary>Where pip looks: by its variables, else by its configuration files.</summary>
    private static async Task<string> SourceAsync(
        string python, IReadOnlyDictionary<string, string?>? variables, CancellationToken cancellationToken)
    {
        string? Variable(string name) => variables?.TryGetValue(name, out var given) == true
            ? given
            : Environment.GetEnvironmentVariable(name);
        if (Variable("PIP_NO_INDEX") is { Length: > 0 } && Variable("PIP_FIND_LINKS") is { Length: > 0 } folders)
        {
            return folders;
        }

        if (Variable("PIP_INDEX_URL") is { Length: > 0 } index)
        {
            return Shown(index);
        }

        var configured = await Session.Command(python, "-m", "pip", "config", "get", "global.index-url").RunAsync(cancellationToken);
        return configured.IsSuccess ? Shown(configured.StandardOutput.Trim()) : DefaultIndex;
    }

    /// <summary>Without the login that an address may hold.</summary>
    private static string Shown(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.Unescaped)
            : address;
}
