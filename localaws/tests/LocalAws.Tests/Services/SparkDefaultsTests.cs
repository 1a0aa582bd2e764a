using LocalAws.Routing;
using LocalAws.Services.Glue;

namespace LocalAws.Tests.Services;

public sealed class SparkDefaultsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Java_keeps_as_much_compiled_code_as_on_Glue()
    {
        var options = await JavaOptionsAsync([]);

        options.Should().Contain("-XX:ReservedCodeCacheSize=240m");
    }

    [Fact]
    public async Task What_the_job_sets_comes_after_what_is_set_here()
    {
        var options = await JavaOptionsAsync(new() { ["--conf"] = "spark.driver.extraJavaOptions=-Dx=y" });

        options.Should().EndWith(" -Dx=y");
    }

    /// <summary>What a process of Spark would be started with.</summary>
    private async Task<string> JavaOptionsAsync(Dictionary<string, string> arguments)
    {
        var options = new GatewayOptions
        {
            Home = _folder,
            Python = Repository.Python,
            Jars = Repository.Jars,
            Postgresql = "",
            Cache = _folder,
        };
        var (environment, _) = await new SparkDefaults(options).WriteAsync(
            new AwsScope("123456789012", "us-east-1"), _folder, arguments, writesArchive: false, CancellationToken.None);
        environment["PYSPARK_SUBMIT_ARGS"].Should().Contain(_folder);
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder, "spark.properties"));
        return lines.Single(line => line.StartsWith("spark.driver.extraJavaOptions ", StringComparison.Ordinal));
    }
}
