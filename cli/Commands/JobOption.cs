using System.CommandLine;

namespace Cdc.Cli.Commands;

/// <summary>An option of a command that the job takes as an argument of a run.</summary>
/// <param name="Option">As the command line has it.</param>
/// <param name="Argument">As the job has it.</param>
/// <param name="IsCommand">Whether it makes the job do something else than a run; one of them at a time.</param>
internal sealed record JobOption(Option<string?> Option, string Argument, bool IsCommand)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<JobOption> All() =>
    [
        Of("--tables", "SCHEMA.TABLE,...", "Look at these tables only.", isCommand: false),
        Of("--table", "SCHEMA.TABLE", "The table of --erase.", isCommand: false),
        Of("--abandon", "BATCH:SCHEMA.TABLE", "Give up a batch whose files will never be right.", isCommand: true),
        Of("--from-file", "KEY", "Read one raw file again, whatever is known of it.", isCommand: true),
        Of("--dry-run", "true", "Tell what a run would do, and write nothing.", isCommand: true),
        Of("--replay-rejects", "SCHEMA.TABLE|all", "Read rejected rows and files again.", isCommand: true),
        Of("--rebuild", "SCHEMA.TABLE", "Make a table anew from its log.", isCommand: true),
        Of("--erase", "LOCATION", "Erase the keys that lie at s3://bucket/key or in a secret, given by its ARN.", isCommand: true),
    ];

    private static JobOption Of(string name, string takes, string description, bool isCommand) =>
        new(new Option<string?>(name) { Description = description, HelpName = takes }, $"--{name[2..].Replace('-', '_')}", isCommand);
}
