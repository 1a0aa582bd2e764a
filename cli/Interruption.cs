using System.Runtime.InteropServices;

namespace Cdc.Cli;

/// <summary>
/// The signals that ask this program to end. The first one ends what runs in good order, Terraform's state and the local AWS included; a
/// second one ends this program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption()
    {
        _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, Take))];
        Current = this;
    }

    /// <summary>The program's own.</summary>
    public static Interruption? Current { get; private set; }

    public CancellationToken Token => _source.Token;

    /// <summary>The first signal; null before it.</summary>
    public PosixSignal? Signal { get; private set; }

    /// <summary>A terminal sends its interrupt to every program in its foreground; other signals have one receiver.</summary>
    public bool ReachesChildren => Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT;

    /// <summary>As shells have it: 128 and the signal's number.</summary>
    public int ExitCode => 128 + Signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => 2,
    };

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        if (Signal is not null)
        {
            return;
        }

        Signal = context.Signal;
        context.Cancel = true;
        _source.Cancel();
    }
}
