using System.CommandLine;
using Cdc.Harness;

namespace Cdc.Cli.Commands;

/// <summary>Prints what a shell sources to have the command <c>cdc</c> and its completion.</summary>
internal static class CompletionCommand
{
    // [suggest:N] is a directive of System.CommandLine: it prints what may stand at column N of the line.
    private const string Bash =
        """
        cdc() { "RUN" "$@"; }
        _cdc() {
          local IFS=$'\n'
          COMPREPLY=($(cdc "[suggest:$((COMP_POINT - ${#COMP_WORDS[0]} - 1))]" "${COMP_LINE#* }" 2>/dev/null |
            grep -F -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _cdc cdc
        """;

    private const string Zsh =
        """
        cdc() { "RUN" "$@"; }
        _cdc() {
          compadd -- ${(f)"$(cdc "[suggest:$((CURSOR - ${#words[1]} - 1))]" "${BUFFER#* }" 2>/dev/null)"}
        }
        compdef _cdc cdc
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion", "Print the shell's completion: source <(cli/run.sh completion bash)") { shell };
        command.SetAction(parsed =>
        {
            var run = Path.Combine(RepositoryLayout.Root, "cli", "run.sh");
            parsed.InvocationConfiguration.Output.WriteLine(
                (parsed.GetValue(shell) == "zsh" ? Zsh : Bash).Replace("RUN", run, StringComparison.Ordinal));
        });
        return command;
    }
}
