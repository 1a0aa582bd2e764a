using CliWrap;

namespace Cdc.Harness.Commands;

/// <summary>
/// Programs in a session of their own. An interrupt of the terminal would reach a child beside the one that it is sent here, and Terraform
/// takes a second one for "at once", its state written or not. What a shell runs in the background ignores interrupts, and so would its
/// children: here they listen again.
/// </summary>
public static class Session
{
    // Where util-linux and coreutils are not those of GNU (macOS), perl does both.
    private const string PerlScript = "$SIG{INT} = 'DEFAULT'; setsid(); exec { $ARGV[0] } @ARGV or die \"$ARGV[0]: $!\\n\"";

    /// <summary>What stands before a program and its arguments.</summary>
    internal static IReadOnlyList<string> Launcher { get; } = Programs.TryFind("setsid") is { } setsid
        ? [setsid, "env", "--default-signal=INT"]
        : [Programs.Find("perl"), "-MPOSIX=setsid", "-e", PerlScript];

    /// <summary>A command whose arguments no shell reads.</summary>
    /// <exception cref="FileNotFoundException">The program is not there; the message says what to do.</exception>
    public static Command Command(string program, params IReadOnlyList<string> arguments) =>
        Cli.Wrap(Launcher[0])
            .WithArguments([.. Launcher.Skip(1), Programs.Find(program), .. arguments])
            .WithValidation(CommandResultValidation.None);

    /// <summary>The command as a user would type it.</summary>
    internal static string Describe(Command command)
    {
        var typed = command.Arguments.StartsWith(LauncherArguments, StringComparison.Ordinal)
            ? command.Arguments[LauncherArguments.Length..]
            : command.Arguments;
        return typed.TrimStart();
    }

    private static string LauncherArguments { get; } = Cli.Wrap(Launcher[0]).WithArguments(Launcher.Skip(1)).Arguments;
}
