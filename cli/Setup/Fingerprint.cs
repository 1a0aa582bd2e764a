using System.Security.Cryptography;
using System.Text;
using Cdc.Harness;

namespace Cdc.Cli.Setup;

/// <summary>Tells whether what a step made is still made from the same inputs.</summary>
internal static class Fingerprint
{
    /// <summary>SHA-256 over names and contents, and over further texts such as versions.</summary>
    public static string Of(IEnumerable<string> files, params IEnumerable<string> more)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(RepositoryLayout.Root, file) + "\0"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        foreach (var text in more)
        {
            hash.AppendData(Encoding.UTF8.GetBytes("\0" + text));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static bool Matches(string file, string fingerprint) => File.Exists(file) && File.ReadAllText(file) == fingerprint;
}
