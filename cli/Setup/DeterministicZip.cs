using System.IO.Compression;

namespace Cdc.Cli.Setup;

/// <summary>
/// Zips whose bytes depend on the files alone: names sorted, times fixed, modes set. So an unchanged program is no change to Terraform.
/// </summary>
internal static class DeterministicZip
{
    private const int RegularFile = 0x8000;
    private const int Executable = 0b111_101_101;
    private const int ReadOnly = 0b110_100_100;

    // The earliest time that a zip can hold.
    private static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="entries">Name in the zip → file.</param>
    /// <param name="executables">Names that are made executable: a zip made on any system runs on Lambda.</param>
    public static void Write(string path, IReadOnlyDictionary<string, string> entries, params IEnumerable<string> executables)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = $"{path}.part";
        using (var zip = new ZipArchive(File.Create(part), ZipArchiveMode.Create))
        {
            foreach (var (name, file) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
                entry.LastWriteTime = FixedTime;
                entry.ExternalAttributes = (RegularFile | (executables.Contains(name) ? Executable : ReadOnly)) << 16;
                using var content = File.OpenRead(file);
                using var target = entry.Open();
                content.CopyTo(target);
            }
        }

        File.Move(part, path, overwrite: true);
    }
}
