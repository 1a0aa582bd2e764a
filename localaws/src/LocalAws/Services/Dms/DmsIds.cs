using System.Security.Cryptography;

namespace LocalAws.Services.Dms;

/// <summary>Resource ids as DMS generates them: 26 characters of upper-case base 32.</summary>
internal static class DmsIds
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, 26);
}
