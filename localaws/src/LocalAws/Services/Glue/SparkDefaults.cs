using System.Security.Cryptography;
using System.Text;
using LocalAws.Hosting;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>
/// Spark's configuration for a process of this local AWS: the caller's own settings, the jars of Glue's data-lake formats, and where S3 and
/// the catalog are. Every Iceberg catalog that the settings name is told the endpoint.
/// </summary>
internal sealed class SparkDefaults(GatewayOptions options)
{
    /// <summary>
    /// Asked once: starting a Java process for its version is a good part of a second in each run. A failure is not kept.
    /// </summary>
    private static readonly Lazy<string> JavaVersion = new(ReadJavaVersion, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Written once for all processes: one of them must not read it while it is written for the next.</summary>
    private readonly Lazy<string> _loggingFile = new(() => WriteLogging(options));

    private const string CatalogClass = "org.apache.iceberg.spark.SparkCatalog";

    /// <summary>
    /// One compiler is enough for a short run. It would also reserve only 48 MB for what it compiles, which a run over some forty tables
    /// fills; then Java throws in that run and whatever follows. With both compilers, as on Glue, it is 240 MB.
    /// </summary>
    private const string FastStart =
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC -Xlog:disable -Xlog:all=error:stderr";

    /// <summary>What goes to standard error: warnings, as in Glue's error log.</summary>
    private const string Logging = """
        rootLogger.level = warn
        rootLogger.appenderRef.stderr.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.target = SYSTEM_ERR
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n%ex
        logger.native.name = org.apache.hadoop.util.NativeCodeLoader
        logger.native.level = error
        logger.awssdk.name = com.amazonaws.util.VersionInfoUtils
        logger.awssdk.level = error
        logger.metrics.name = org.apache.hadoop.metrics2.impl.MetricsConfig
        logger.metrics.level = error
        """;

    /// <summary>Writes Spark's settings into a process's folder.</summary>
    /// <param name="scope">The account and region that the process works in.</param>
    /// <param name="folder">The process's folder.</param>
    /// <param name="arguments">Job arguments; <c>--conf</c> and <c>--datalake-formats</c> are read.</param>
    /// <param name="writesArchive">False for a process whose end nobody waits for.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>
    /// The environment that makes PySpark use them, and the class-data archive that the process is to write, if there is none yet.
    /// </returns>
    public async Task<(Dictionary<string, string?> Environment, ClassDataArchive? Archive)> WriteAsync(
        AwsScope scope,
        string folder,
        IReadOnlyDictionary<string,
        string> arguments,
        bool writesArchive,
        CancellationToken cancellationToken)
    {
        var (lines, archive) = Build(scope, arguments, writesArchive);
        var settings = Path.Combine(folder, "spark.properties");
        await File.WriteAllLinesAsync(settings, lines, cancellationToken);
        var environment = Environment(scope);
        // Not by SPARK_CONF_DIR: that folder would be on the class path, and a class-data archive allows no folder with files there.
        environment["PYSPARK_SUBMIT_ARGS"] = $"--properties-file '{settings}' pyspark-shell";
        environment["SPARK_CONF_DIR"] = null;
        return (environment, archive);
    }

    private static string WriteLogging(GatewayOptions options)
    {
        var file = Path.Combine(options.Home, "log4j2.properties");
        File.WriteAllText(file, Logging);
        return file;
    }

    private (IReadOnlyList<string> Lines, ClassDataArchive? Archive) Build(
        AwsScope scope, IReadOnlyDictionary<string, string> arguments, bool writesArchive)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["spark.master"] = "local[2,4]",
            ["spark.ui.enabled"] = "false",
            ["spark.ui.showConsoleProgress"] = "false",
            ["spark.driver.host"] = "127.0.0.1",
            ["spark.driver.bindAddress"] = "127.0.0.1",
            ["spark.driver.memory"] = "2g",
            ["spark.sql.catalogImplementation"] = "in-memory",
            ["spark.sql.session.timeZone"] = "UTC",
            ["spark.hadoop.fs.s3.impl"] = "org.apache.hadoop.fs.s3a.S3AFileSystem",
            ["spark.hadoop.fs.s3a.endpoint"] = options.EndpointUrl,
            ["spark.hadoop.fs.s3a.endpoint.region"] = scope.Region,
            ["spark.hadoop.fs.s3a.path.style.access"] = "true",
            ["spark.hadoop.fs.s3a.connection.ssl.enabled"] = "false",
            ["spark.hadoop.fs.s3a.aws.credentials.provider"] = "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
        };
        foreach (var (name, value) in Parse(arguments.GetValueOrDefault("--conf")))
        {
            settings[name] = value;
        }

        foreach (var catalog in settings.Where(item => item.Value == CatalogClass).Select(item => item.Key).ToList())
        {
            settings[catalog + ".glue.endpoint"] = options.EndpointUrl;
            settings[catalog + ".s3.endpoint"] = options.EndpointUrl;
            settings[catalog + ".s3.path-style-access"] = "true";
            settings[catalog + ".client.region"] = scope.Region;
        }

        var lake = (arguments.GetValueOrDefault("--datalake-formats") ?? "").Split(',').Contains("iceberg");
        var jars = Directory.GetFiles(options.Jars, "*.jar").Where(
            jar => lake || !Path.GetFileName(jar).StartsWith("iceberg-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        settings["spark.driver.extraClassPath"] = string.Join(Path.PathSeparator, jars);

        var (javaOptions, archive) = ClassData(jars, writesArchive);
        // As an address, in which a blank is no blank. What the caller sets comes last and wins.
        var logging = $"-Dlog4j.configurationFile={new Uri(_loggingFile.Value).AbsoluteUri}";
        settings["spark.driver.extraJavaOptions"] =
            $"{javaOptions} {logging} {settings.GetValueOrDefault("spark.driver.extraJavaOptions")}".Trim();
        return ([.. settings.Select(item => $"{item.Key} {item.Value}")], archive);
    }

    /// <summary>The environment of a Spark process: credentials of the account and the address of this AWS.</summary>
    private Dictionary<string, string?> Environment(AwsScope scope) => new(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = options.EndpointUrl,
        ["AWS_ACCESS_KEY_ID"] = scope.AccountId,
        ["AWS_SECRET_ACCESS_KEY"] = "local",
        ["AWS_REGION"] = scope.Region,
        ["AWS_DEFAULT_REGION"] = scope.Region,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_SESSION_TOKEN"] = null,
        ["AWS_PROFILE"] = null,
        ["PYSPARK_PYTHON"] = options.Python,
        ["PYSPARK_DRIVER_PYTHON"] = options.Python,
        ["SPARK_LOCAL_HOSTNAME"] = "localhost",
        ["SPARK_HOME"] = null,
    };

    /// <summary>Several settings in one argument are joined as Glue's users join them: <c>a=b --conf c=d</c>.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Parse(string? configuration)
    {
        foreach (var item in (configuration ?? "").Split("--conf", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                yield return KeyValuePair.Create(item[..equals].Trim(), item[(equals + 1)..].Trim());
            }
        }
    }

    /// <summary>
    /// Half of a short run is the loading of classes, which a class-data archive saves. An archive fits one JDK and one class path only,
    /// so both are in its name. The first run with a class path writes it.
    /// </summary>
    private (string JavaOptions, ClassDataArchive? Archive) ClassData(IReadOnlyList<string> jars, bool writes)
    {
        var key = string.Join('\n', [JavaVersion.Value, options.Python, .. jars]);
        var archive = Path.Combine(
            options.Cache, $"spark-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}.jsa");
        if (File.Exists(archive))
        {
            return ($"{FastStart} {Option($"-XX:SharedArchiveFile={archive}")}", null);
        }

        Directory.CreateDirectory(options.Cache);
        return writes && ClassDataArchive.Claim(archive) is { } written
            ? ($"{FastStart} {Option($"-XX:ArchiveClassesAtExit={written.WrittenAs}")}", written)
            : (FastStart, null);
    }

    /// <summary>Quoted for Spark, which splits the options at blanks: a checkout may lie in a folder with one.</summary>
    private static string Option(string option) => $"\"{option}\"";

    private static string ReadJavaVersion()
    {
        var home = System.Environment.GetEnvironmentVariable("JAVA_HOME");
        return ProgramOutput.Read(home is { Length: > 0 } ? Path.Combine(home, "bin", "java") : "java", "-version");
    }
}
