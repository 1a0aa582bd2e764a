namespace Cdc.Cli.Setup;

/// <summary>Where npm packages are fetched from.</summary>
internal interface IPackageSource
{
    /// <summary>The registry, as it may be shown: without a password.</summary>
    Task<string> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Writes the package's archive to a file in the folder and returns its name.</summary>
    /// <exception cref="PackageFetchException">It cannot be had from there.</exception>
    Task<string> FetchAsync(PostgresPackage package, string folder, CancellationToken cancellationToken);
}
