using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Places;

namespace Cdc.Cli.Interface;

/// <summary>The options that say on what a command works.</summary>
internal static class SharedOptions
{
    private const string DefaultEnvironment = "local";
    private const int LargestPort = 65535;

    public static Option<int?> Port() => new Option<int?>("--port")
    {
        Description = $"Port of the local AWS. Default: the one that runs, else {LocalPlace.DefaultPort}.",
        HelpName = "PORT",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, out var port) && port is > 0 and <= LargestPort)
            {
                return port;
            }

            result.AddError($"PORT={result.Tokens[0].Value} is no port: give a number from 1 to {LargestPort}.");
            return null;
        },
    };

    public static Option<string> Environment() => new("--env")
    {
        Description = "The environment: a folder of environments/.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultEnvironment,
    };

    public static Option<string?> Directory() => new("--dir")
    {
        Description = "A root module anywhere, instead of an environment of this repository.",
        HelpName = "PATH",
    };

    public static Option<Target> Target() => new("--target")
    {
        Description = "Where the environment is: on the local AWS, or in the account that your AWS variables or profile name.",
        HelpName = "local|account",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            // Not by Enum.TryParse alone: it takes numbers.
            if (Enum.GetNames<Target>().Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                return Enum.Parse<Target>(text, ignoreCase: true);
            }

            result.AddError($"TARGET={text} is none: give local or account.");
            return default;
        },
    };
}
