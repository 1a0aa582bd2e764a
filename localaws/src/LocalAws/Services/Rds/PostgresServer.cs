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

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly PostgresDistribution _distribution;
    private readonly ChildProcesses _processes;
    private readonly TimeProvider _clock;
    private readonly string _identifier;
    private readonly PostgresFolder _folder;
    private readonly string _logFile;
    private readonly string _certificates;
    private readonly ServerCertificate _certificate;
    private ChildProcess? _process;
    private volatile ChildProcess? _stopped;

    private PostgresServer(
        PostgresDistribution distribution,
        ChildProcesses processes,
        TimeProvider clock,
        string home,
        string identifier,
        PostgresFolder folder)
    {
        (_distribution, _processes, _clock, _identifier, _folder) = (distribution, processes, clock, identifier, folder);
        _logFile = Path.Combine(home, "logs", $"rds-{identifier}.log");
        _certificates = Path.Combine(home, "certificates");
        _certificate = ServerCertificate.Make(identifier, clock.GetUtcNow());
        AdministratorPassword = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    public int Port { get; private set; }

    public string AdministratorPassword { get; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The authority's certificate, for clients that verify; they know the instance by its port.</summary>
    private string AuthorityFile => Path.Combine(_certificates, $"{Port}.pem");

    /// <summary>Makes the data folder, starts the server and creates the roles that RDS has.</summary>
    /// <exception cref="InvalidOperationException">initdb or the server failed; the message holds what it said.</exception>
    public static async Task<PostgresServer> CreateAsync(
        PostgresDistribution distribution,
        ChildProcesses processes,
        GatewayOptions options,
        TimeProvider clock,
        string identifier,
        ServerSettings settings,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = PostgresFolder.Create(distribution, $"localaws-{options.Port}", identifier);
        var server = new PostgresServer(distribution, processes, clock, options.Home, identifier, folder);
        try
        {
            await folder.InitializeAsync(
                processes, AdministratorName, server.AdministratorPassword, server._certificate, cancellationToken);
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
    /// <exception cref="InvalidOperationException">It does not; no process of it is left, and the message holds its last lines.</exception>
    public async Task StartAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        if (Port == 0)
        {
            Port = Ports.Free();
            Directory.CreateDirectory(_certificates);
            await File.WriteAllTextAsync(AuthorityFile, _certificate.Authority, cancellationToken);
        }

        _folder.Configure(settings, Port);
        var (program, prefix) = UnprivilegedUser.Command(_folder.Program);
        _process = _processes.Start(new ChildProcessSpec($"rds {_identifier}", program, [.. prefix, "-D", _folder.Data])
        {
            WorkingDirectory = _folder.Path,
            LogFile = _logFile,
            Folder = _folder.Path,
        });
        try
        {
            await ConnectAsync(_process, cancellationToken);
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>Waits for the end of the process that runs now.</summary>
    /// <returns>How it ended; null when it was told to end.</returns>
    public async Task<string?> EndsByItselfAsync()
    {
        var process = _process!;
        var exitCode = await process.Completion;
        return ReferenceEquals(_stopped, process) ? null : $"the server's process {process.Id} ended with exit code {exitCode}.";
    }

    /// <summary>Puts parameters in force that need no restart.</summary>
    public async Task ReloadAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        _folder.Configure(settings, Port);
        await ExecuteAsync("postgres", "SELECT pg_reload_conf()", cancellationToken);
    }

    public async Task StopAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        _stopped = process;
        if (!process.HasExited)
        {
            // PostgreSQL's fast shutdown: sessions are ended, data is written.
            await Signals.SendAsync(process.Id, Signals.Interrupt);
            await Task.WhenAny(process.Completion, Task.Delay(StopLimit, _clock));
        }

        process.Kill();
        await process.Completion;
    }

    /// <summary>Stops the server and removes its data.</summary>
    public async Task DeleteAsync()
    {
        await StopAsync();
        if (File.Exists(AuthorityFile))
        {
            File.Delete(AuthorityFile);
        }

        _folder.Delete();
    }

    /// <summary>Creates what an RDS instance has when it becomes available: RDS's roles, the master user, its database.</summary>
    public async Task CreateMasterUserAsync(string username, string password, string? database, CancellationToken cancellationToken)
    {
        var user = SqlText.Identifier(username);
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
            CREATE ROLE {user} LOGIN CREATEDB CREATEROLE REPLICATION PASSWORD {SqlText.Literal(password)};
            GRANT rds_superuser TO {user} WITH ADMIN OPTION;
            ALTER DATABASE postgres OWNER TO {user};
            """,
            cancellationToken);
        if (database is not null && database != "postgres")
        {
            await ExecuteAsync("postgres", $"CREATE DATABASE {SqlText.Identifier(database)} OWNER {user}", cancellationToken);
        }
    }

    public Task SetPasswordAsync(string username, string password, CancellationToken cancellationToken) => ExecuteAsync(
        "postgres", $"ALTER ROLE {SqlText.Identifier(username)} PASSWORD {SqlText.Literal(password)}", cancellationToken);

    private async Task ConnectAsync(ChildProcess process, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync("postgres", cancellationToken);
                return;
            }
            catch (NpgsqlException) when (!process.HasExited && _clock.GetElapsedTime(started) < StartLimit)
            {
                await Task.Delay(Poll, _clock, cancellationToken);
            }
            catch (NpgsqlException failure)
            {
                if (process.HasExited)
                {
                    // Its last lines may not have been read yet.
                    await process.Completion;
                }

                throw new InvalidOperationException(
                    $"PostgreSQL {_distribution.Version} of {_identifier} did not start: {failure.Message} Its last lines: "
                    + $"{process.LastLines()}",
                    failure);
            }
        }
    }

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
}
