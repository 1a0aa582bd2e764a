using System.Diagnostics;
using LocalAws.Hosting;
using LocalAws.Postgres;
using Npgsql;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>A real PostgreSQL server of a chosen major version with an administrator as RDS makes one.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string AdministratorPassword = "Adm1n-passw0rd";

    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=200", "max_prepared_transactions=20",
        "wal_level=logical", "max_replication_slots=400", "max_wal_senders=40",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pg-");
    private Process? _process;

    public int Port { get; } = Ports.Free();

    public int Major { get; private set; }

    public string ConnectionString(string database, string user = "postgres", string? password = null) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={user};Password={password};Pooling=false;Include Error Detail=true";

    /// <param name="major">For example <c>18</c>.</param>
    /// <param name="settings">Further settings as <c>name=value</c>; they win over the usual ones.</param>
    public static async Task<PostgresServer> StartAsync(string major, params string[] settings)
    {
        var server = new PostgresServer();
        try
        {
            await server.InitializeAsync(major, settings);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task InitializeAsync(string major, string[] settings)
    {
        Major = int.Parse(major, System.Globalization.CultureInfo.InvariantCulture);
        var found = PostgresServers.Find(Repository.Postgres);
        var distribution = found.SingleOrDefault(server => server.Major == major) ?? throw new InvalidOperationException(
            $"There is no PostgreSQL {major} in {Repository.Postgres} or installed; `make setup` fetches it. "
            + $"There is: {string.Join(", ", found.Select(server => server.Version))}.");
        var data = Path.Combine(_folder.FullName, "data");
        distribution = UnprivilegedUser.Readable(distribution, _folder.FullName);
        UnprivilegedUser.Own(_folder.FullName);
        await RunAsync(
            Path.Combine(distribution.Bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8",
            "--no-sync");
        await File.WriteAllTextAsync(
            Path.Combine(data, "pg_hba.conf"),
            "host all postgres 127.0.0.1/32 trust\nhost replication postgres 127.0.0.1/32 trust\nhost all all "
            + "127.0.0.1/32 scram-sha-256\n");
        _process = Process.Start(Start(
            Path.Combine(distribution.Bin, "postgres"),
            ["-D", data, "-p", $"{Port}", .. Settings.Concat(settings).SelectMany(setting => new[] { "-c", setting })]))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.BecomesAsync("The database server's first connection", TryConnectAsync, connected => connected);
        await ExecuteAsync("postgres", $"""
            CREATE ROLE rds_replication;
            CREATE ROLE admin LOGIN PASSWORD '{AdministratorPassword}' IN ROLE rds_replication, pg_read_all_data;
            CREATE ROLE outsider LOGIN PASSWORD '{AdministratorPassword}';
            """);
    }

    private async Task<bool> TryConnectAsync()
    {
        try
        {
            await ExecuteAsync("postgres", "SELECT 1");
            return true;
        }
        catch (NpgsqlException) when (_process is { HasExited: false })
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Start(program, arguments))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await output}{await errors}");
        }
    }

    private static ProcessStartInfo Start(string program, string[] arguments)
    {
        var (command, prefix) = UnprivilegedUser.Command(program);
        var start =
            new ProcessStartInfo(command, [.. prefix, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = Path.GetTempPath();
        return start;
    }
}
