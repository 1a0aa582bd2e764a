using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using LocalAws.Hosting;
using LocalAws.Postgres;
using Npgsql;

namespace LocalAws.Services.Rds;

/// <summary>
/// The PostgreSQL server of one DB instance: its own data folder, its own port on 127.0.0.1. The administrator of the machine is
/// <c>rdsadmin</c>, as on RDS, with a password that only this process knows. TLS is the server's own.
/// </summary>
internal sealed class PostgresServer
{
    public const string AdministratorName = "rdsadmin";

    private readonly PostgresDistribution _distribution;
    private readonly ChildProcesses _processes;
    private readonly string _identifier;
    private readonly string _folder;
    private readonly string _logFile;
    private readonly string _certificates;
    private readonly ServerCertificate _certificate;
    private ChildProcess? _process;

    private PostgresServer(PostgresDistribution distribution, ChildProcesses processes, string home, string identifier, string folder)
    {
        (_distribution, _processes, _identifier, _folder) = (distribution, processes, identifier, folder);
        _logFile = Path.Combine(home, "logs", $"rds-{identifier}.log");
        _certificates = Path.Combine(home, "certificates");
        _certificate = ServerCertificate.Make(identifier);
        AdministratorPassword = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    public int Port { get; private set; }

    public string AdministratorPassword { get; }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The authority's certificate, for clients that verify; they know the instance by its port.</summary>
    private string AuthorityFile => Path.Combine(_certificates, $"{Port}.pem");

    /// <summary>Makes the data folder, starts the server and creates the roles that RDS has.</summary>
    /// <exception cref="InvalidOperationException">initdb or the server failed; the message holds what it said.</exception>
    public static async Task<PostgresServer> CreateAsync(
        PostgresDistribution distribution,
        ChildProcesses processes,
        GatewayOptions options,
        string identifier,
        ServerSettings settings,
        CancellationToken cancellationToken)
    {
        // Entered by nobody but its owner: a key and, for a moment, a password lie in it.
        var folder = Directory.CreateTempSubdirectory($"localaws-{options.Port}-{identifier}-").FullName;
        var server = new PostgresServer(UnprivilegedUser.Readable(distribution, folder), processes, options.Home, identifier, folder);
        try
        {
            await server.InitializeAsync(cancellationToken);
            await server.StartAsync(settings, cancellationToken);
            return server;
        }
        catch
        {
            await server.DeleteAsync();
            throw;
        }
    }

    /// <summary>Starts the server on its port (the same one after a reboot) and waits until it takes connections.</summary>
    public async Task StartAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        if (Port == 0)
        {
            Port = Ports.Free();
            Directory.CreateDirectory(_certificates);
            await File.WriteAllTextAsync(AuthorityFile, _certificate.Authority, cancellationToken);
        }

        WriteConfiguration(settings);
        var (program, prefix) = UnprivilegedUser.Command(Path.Combine(_distribution.Bin, "postgres"));
        _process = _processes.Start(new ChildProcessSpec($"rds {_identifier}", program, [.. prefix, "-D", Data])
        {
            WorkingDirectory = _folder,
            LogFile = _logFile,
            Folder = _folder,
        });
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync("postgres", cancellationToken);
                return;
            }
            catch (NpgsqlException failure) when (!_process.HasExited && DateTime.UtcNow < deadline)
            {
                _ = failure;
                await Task.Delay(50, cancellationToken);
            }
            catch (NpgsqlException failure)
            {
                throw new InvalidOperationException(
                    $"PostgreSQL {_distribution.Version} of {_identifier} did not start: {failure.Message} Its last lines: {_process.LastLines()}", failure);
            }
        }
    }

    /// <summary>Puts parameters in force that need no restart.</summary>
    public async Task ReloadAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        WriteConfiguration(settings);
        await ExecuteAsync("postgres", "SELECT pg_reload_conf()", cancellationToken);
    }

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            // SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is written.
            if (!_process.HasExited)
            {
                using var interrupt = Process.Start("kill", ["-INT", $"{_process.Id}"]);
                await interrupt.WaitForExitAsync();
                await Task.WhenAny(_process.Completion, Task.Delay(TimeSpan.FromSeconds(20)));
            }

            _process.Kill();
            await _process.Completion;
        }
    }

    /// <summary>Stops the server and removes its data.</summary>
    public async Task DeleteAsync()
    {
        await StopAsync();
        if (File.Exists(AuthorityFile))
        {
            File.Delete(AuthorityFile);
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Creates what an RDS instance has when it becomes available: RDS's roles, the master user, its database.</summary>
    public async Task CreateMasterUserAsync(string username, string password, string? database, CancellationToken cancellationToken)
    {
        var user = Quote(username);
        // pg_checkpoint is new in 15.
        var checkpoint = int.Parse(_distribution.Major, CultureInfo.InvariantCulture) >= 15 ? ", pg_checkpoint" : "";
        await ExecuteAsync("postgres", $"""
            CREATE ROLE rds_superuser NOLOGIN;
            CREATE ROLE rds_replication NOLOGIN;
            CREATE ROLE rds_password NOLOGIN;
            CREATE ROLE rds_iam NOLOGIN;
            GRANT pg_monitor, pg_signal_backend{checkpoint}, rds_replication, rds_password TO rds_superuser WITH ADMIN OPTION;
            """, cancellationToken);
        // REPLICATION is an attribute and is not inherited from rds_replication, as RDS's patched server lets it be.
        await ExecuteAsync(
            "postgres",
            $"""
            CREATE ROLE {user} LOGIN CREATEDB CREATEROLE REPLICATION PASSWORD '{Escape(password)}';
            GRANT rds_superuser TO {user} WITH ADMIN OPTION;
            ALTER DATABASE postgres OWNER TO {user};
            """,
            cancellationToken);
        if (database is not null && database != "postgres")
        {
            await ExecuteAsync("postgres", $"CREATE DATABASE {Quote(database)} OWNER {user}", cancellationToken);
        }
    }

    public Task SetPasswordAsync(string username, string password, CancellationToken cancellationToken) =>
        ExecuteAsync("postgres", $"ALTER ROLE {Quote(username)} PASSWORD '{Escape(password)}'", cancellationToken);

    private async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = AdministratorName,
            Password = AdministratorPassword,
            Database = database,
            Pooling = false,
            Timeout = 5,
            SslMode = SslMode.Require,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, AdministratorPassword, cancellationToken);
        await CertifyAsync(cancellationToken);
        UnprivilegedUser.Own(_folder);
        var (program, prefix) = UnprivilegedUser.Command(Path.Combine(_distribution.Bin, "initdb"));
        await using var initdb = _processes.Start(new ChildProcessSpec($"initdb {_identifier}", program,
            [.. prefix, "-D", Data, "-U", AdministratorName, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"])
        {
            WorkingDirectory = _folder,
            Environment = new Dictionary<string, string?> { ["HOME"] = _folder },
            Folder = _folder,
        });
        var exitCode = await initdb.Completion;
        File.Delete(passwordFile);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"initdb of {_identifier} failed: {initdb.LastLines()}");
        }

        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), "\ninclude 'rds.conf'\n", cancellationToken);
    }

    private async Task CertifyAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "tls")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "server.crt"), _certificate.Certificate, cancellationToken);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL refuses a key that others can read.
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var key = new StreamWriter(Path.Combine(folder, "server.key"), mode);
        await key.WriteAsync(_certificate.Key.AsMemory(), cancellationToken);
    }

    private void WriteConfiguration(ServerSettings settings)
    {
        string[] lines =
        [
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            // The data of a local instance does not outlive the stack, so it need not survive a loss of power.
            "fsync = off",
            "shared_buffers = '64MB'",
            .. settings.Lines,
            // What no parameter group can change, on RDS neither.
            "listen_addresses = '127.0.0.1'",
            $"port = {Port}",
            "unix_socket_directories = ''",
            "ssl = on",
            // From the data folder, so that the path needs no quoting.
            "ssl_cert_file = '../tls/server.crt'",
            "ssl_key_file = '../tls/server.key'",
        ];
        File.WriteAllLines(Path.Combine(Data, "rds.conf"), lines);
        File.WriteAllLines(Path.Combine(Data, "pg_hba.conf"), settings.Authentication());
        UnprivilegedUser.Own(Path.Combine(Data, "rds.conf"));
    }

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Escape(string literal) => literal.Replace("'", "''", StringComparison.Ordinal);
}
