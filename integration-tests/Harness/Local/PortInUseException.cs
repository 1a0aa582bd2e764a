namespace Cdc.Harness.Local;

/// <summary>The local AWS cannot listen: another program does.</summary>
public sealed class PortInUseException(int port) : Exception(
    $"Port {port} is in use by another program. Stop that program (`ss -ltnp 'sport = :{port}'` names it), or choose "
    + $"another port: PORT={port + 1}.")
{
    /// <summary>The port that the other program has.</summary>
    public int Port => port;
}
