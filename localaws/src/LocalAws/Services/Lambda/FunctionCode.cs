using System.IO.Compression;
using System.Security.Cryptography;
using LocalAws.Protocols;

namespace LocalAws.Services.Lambda;

/// <summary>A deployment package, checked and unpacked.</summary>
/// <param name="Folder">Where it is unpacked: the function's task root.</param>
/// <param name="Sha256">Base64 of the SHA-256 of the zip, as <c>CodeSha256</c>.</param>
/// <param name="Size">Bytes of the zip.</param>
internal sealed record FunctionCode(string Folder, string Sha256, long Size)
{
    private const int ExecutableByOwner = 0b001_000_000;
    private const int ElfMachineOffset = 18;

    /// <summary>ELF machine numbers of Lambda's architectures.</summary>
    private static readonly Dictionary<string, ushort> Machines = new(StringComparer.Ordinal) { ["x86_64"] = 62, ["arm64"] = 183 };

    /// <summary>Checks what AWS finds out only at the first invocation: a <c>bootstrap</c> at the root, its mode, its machine.</summary>
    /// <exception cref="AwsException">
    /// InvalidParameterValueException that says what is wrong with the zip and how to make it right.
    /// </exception>
    public static FunctionCode Unpack(byte[] zip, string architecture, string parentFolder)
    {
        var sha256 = Convert.ToBase64String(SHA256.HashData(zip));
        var folder = Path.Combine(
            parentFolder, Convert.ToHexStringLower(SHA256.HashData(zip))[..16] + "-" + Guid.NewGuid().ToString("N")[..8]);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
            var bootstrap = archive.GetEntry("bootstrap") ?? throw Invalid(
                "The zip has no file named 'bootstrap' at its root (it holds: "
                + $"{string.Join(", ", archive.Entries.Take(5).Select(entry => entry.FullName))}). "
                + "A provided.al2023 function is one executable of that name.");
            if (((bootstrap.ExternalAttributes >> 16) & ExecutableByOwner) == 0)
            {
                throw Invalid("The zip's 'bootstrap' is not executable. Make the zip with mode 0755 for it.");
            }

            archive.ExtractToDirectory(folder);
        }
        catch (InvalidDataException)
        {
            throw Invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
        }

        CheckMachine(Path.Combine(folder, "bootstrap"), architecture);
        return new FunctionCode(folder, sha256, zip.LongLength);
    }

    private static void CheckMachine(string bootstrap, string architecture)
    {
        Span<byte> header = stackalloc byte[ElfMachineOffset + 2];
        using var file = File.OpenRead(bootstrap);
        var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var isElf = read == header.Length && header[..4].SequenceEqual("\x7fELF"u8);
        if (isElf && BitConverter.ToUInt16(header[ElfMachineOffset..]) != Machines[architecture])
        {
            throw Invalid(
                $"The zip's 'bootstrap' was built for another machine than the function's architecture {architecture}. Publish for the "
                + "matching runtime identifier.");
        }
    }

    private static AwsException Invalid(string message) => new("InvalidParameterValueException", message);
}
