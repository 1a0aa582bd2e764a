using System.Diagnostics;

namespace LocalAws.Hosting;

/// <summary>Signals that .NET does not send itself; by the program <c>kill</c>, which every Unix has.</summary>
internal static class Signals
{
    /// <summary>Asks to end.</summary>
    public const string Terminate = "TERM";

    /// <summary>What Ctrl+C sends.</summary>
    public const string Interrupt = "INT";

    /// <summary>Sends a signal; a process that has ended by itself is no error.</summary>
    public static async Task SendAsync(int id, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{id}"]) { RedirectStandardError = true })!;
        // "No such process" is of no interest, and nobody else must see it.
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }
}
