using System.Diagnostics;
using Npgsql;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>A real PostgreSQL server (the one in the pgserver wheel) with an administrator as RDS makes one.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string AdministratorPassword = "Adm1n-passw0rd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pg-");
    private Process? _process;

    public int Port { get; } = Ports.Free();

    public int Major { get; private set; } = 15;

    public string ConnectionString(string database, string user = "postgres", string? password = null) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={user};Password={password};Pooling=false;Include Error Detail=true";

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server.InitializeAsync();
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

    private async Task InitializeAsync()
    {
        var data = Path.Combine(_folder.FullName, "data");
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["-R", "nobody", _folder.FullName]);
        }

        var bin = Environment.GetEnvironmentVariable("CDC_TEST_POSTGRES_BIN") ?? "/usr/lib/postgresql/15/bin";
        await RunAsync(AsServer(Path.Combine(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8", "--no-sync"));
        await File.WriteAllTextAsync(
            Path.Combine(data, "pg_hba.conf"),
            "host all postgres 127.0.0.1/32 trust\nhost replication postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        _process = Process.Start(Start(AsServer(
            Path.Combine(bin, "postgres"), "-D", data, "-p", $"{Port}", "-k", _folder.FullName, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
            "-c", "wal_level=logical", "-c", "max_replication_slots=40", "-c", "max_wal_senders=40", "-c", "max_connections=200", "-c", "max_prepared_transactions=20")))!;
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

    private static string[] AsServer(params string[] command) =>
        Environment.UserName == "root" ? ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", .. command] : command;

    private static Task RunAsync(string program, string[] arguments) => RunAsync([program, .. arguments]);

    private static async Task RunAsync(string[] command)
    {
        using var process = Process.Start(Start(command))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await output}{await errors}");
        }
    }

    private static ProcessStartInfo Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = Path.GetTempPath();
        return start;
    }
}
