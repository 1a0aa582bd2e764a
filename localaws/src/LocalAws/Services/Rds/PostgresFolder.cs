using LocalAws.Hosting;
using LocalAws.Postgres;

namespace LocalAws.Services.Rds;

/// <summary>
/// The folder of one instance's server: its data, its certificate and, where the server's user cannot read the installed ones, its
/// programs. It lies where that user can enter it, and belongs to it.
/// </summary>
internal sealed class PostgresFolder
{
    private readonly string _identifier;
    private readonly PostgresDistribution _distribution;

    private PostgresFolder(string path, string identifier, PostgresDistribution distribution) =>
        (Path, _identifier, _distribution) = (path, identifier, distribution);

    public string Path { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>The program of the server, which the server's user can read.</summary>
    public string Program => System.IO.Path.Combine(_distribution.Bin, PostgresDistribution.Program("postgres"));

    /// <summary>Makes a folder without data.</summary>
    /// <exception cref="InvalidOperationException">There is no place for it; the message says what to do.</exception>
    public static PostgresFolder Create(PostgresDistribution distribution, string prefix, string identifier)
    {
        // Entered by nobody but its owner: a key and, for a moment, a password lie in it.
        var path = UnprivilegedUser.CreateFolder($"{prefix}-{identifier}-");
        try
        {
            return new PostgresFolder(path, identifier, UnprivilegedUser.Readable(distribution, path));
        }
        catch
        {
            Directory.Delete(path, recursive: true);
            throw;
        }
    }

    /// <summary>Makes the data folder, with its administrator and its certificate.</summary>
    /// <exception cref="InvalidOperationException">initdb failed; the message holds what it said.</exception>
    public async Task InitializeAsync(
        ChildProcesses processes, string administrator, string password, ServerCertificate certificate, CancellationToken cancellationToken)
    {
        var passwordFile = System.IO.Path.Combine(Path, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        await CertifyAsync(certificate, cancellationToken);
        UnprivilegedUser.Own(Path);
        var (program, prefix) = UnprivilegedUser.Command(
            System.IO.Path.Combine(_distribution.Bin, PostgresDistribution.Program("initdb")));
        string[] arguments =
        [
            .. prefix, "-D", Data, "-U", administrator, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8",
            "--locale", "C", "--no-sync", "--no-instructions",
        ];
        await using var initdb = processes.Start(new ChildProcessSpec($"initdb {_identifier}", program, arguments)
        {
            WorkingDirectory = Path,
            Environment = new Dictionary<string, string?> { ["HOME"] = Path },
            Folder = Path,
        });
        var exitCode = await initdb.Completion.WaitAsync(cancellationToken);
        File.Delete(passwordFile);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"initdb of {_identifier} failed: {initdb.LastLines()}");
        }

        await File.AppendAllTextAsync(System.IO.Path.Combine(Data, "postgresql.conf"), "\ninclude 'rds.conf'\n", cancellationToken);
    }

    /// <summary>Writes what the server reads when it starts or is told to.</summary>
    public void Configure(ServerSettings settings, int port)
    {
        string[] lines =
        [
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            // The data of a local instance does not outlive the stack, so it need not survive a loss of power.
            "fsync = off",
            "shared_buffers = '64MB'",
            .. settings.Lines,
            // After the group's lines, so that no group changes these; none can on RDS.
            "listen_addresses = '127.0.0.1'",
            $"port = {port}",
            "unix_socket_directories = ''",
            "ssl = on",
            // From the data folder, so that the path needs no quoting.
            "ssl_cert_file = '../tls/server.crt'",
            "ssl_key_file = '../tls/server.key'",
        ];
        var file = System.IO.Path.Combine(Data, "rds.conf");
        File.WriteAllLines(file, lines);
        File.WriteAllLines(System.IO.Path.Combine(Data, "pg_hba.conf"), settings.Authentication());
        UnprivilegedUser.Own(file);
    }

    public void Delete()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private async Task CertifyAsync(ServerCertificate certificate, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, "tls")).FullName;
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "server.crt"), certificate.Certificate, cancellationToken);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL refuses a key that others can read.
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var key = new StreamWriter(System.IO.Path.Combine(folder, "server.key"), mode);
        await key.WriteAsync(certificate.Key.AsMemory(), cancellationToken);
    }
}
