using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Cdc.Harness.Commands;

/// <summary>Runs commands to their end.</summary>
public static class CommandExtensions
{
    /// <summary>How long an interrupted program may take to end well: Terraform writes its state.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>Gives every line of output and errors to <paramref name="take"/> as it comes, one at a time.</summary>
    public static Command WithLines(this Command command, Action<string> take)
    {
        var gate = new Lock();
        var lines = PipeTarget.ToDelegate(line =>
        {
            lock (gate)
            {
                take(line);
            }
        });
        return command.WithStandardOutputPipe(lines).WithStandardErrorPipe(lines);
    }

    /// <summary>Runs to the end. A cancellation interrupts (SIGINT), waits two minutes, and kills only then.</summary>
    public static async Task<BufferedCommandResult> RunAsync(this Command command, CancellationToken cancellationToken)
    {
        using var kill = new CancellationTokenSource();
        await using var interrupted = cancellationToken.Register(() => kill.CancelAfter(Grace));
        return await command.ExecuteBufferedAsync(Encoding.UTF8, Encoding.UTF8, kill.Token, cancellationToken);
    }

    /// <summary>Runs to the end and wants exit code 0.</summary>
    /// <exception cref="CommandFailedException">Another exit code.</exception>
    public static async Task<BufferedCommandResult> RunSuccessfullyAsync(this Command command, CancellationToken cancellationToken)
    {
        var result = await command.RunAsync(cancellationToken);
        return result.IsSuccess ? result : throw new CommandFailedException(command, result);
    }
}
