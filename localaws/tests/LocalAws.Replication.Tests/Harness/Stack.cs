namespace LocalAws.Replication.Tests.Harness;

/// <summary>One database server and one S3 for all tests; each test has a database, a bucket and a task of its own.</summary>
public class Stack : IAsyncLifetime
{
    private const string DefaultMajor = "18";

    private readonly string _major;
    private PostgresServer? _postgres;
    private S3Server? _s3;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("replication-tests-");
    private int _number;

    /// <summary>With the major version that CDC_TEST_POSTGRES names, else the newest.</summary>
    public Stack()
        : this(Environment.GetEnvironmentVariable("CDC_TEST_POSTGRES") is { Length: > 0 } named ? named : DefaultMajor)
    {
    }

    /// <summary>For a fixture that is about another version: derive it with that version.</summary>
    protected Stack(string major) => _major = major;

    internal PostgresServer Postgres => _postgres!;

    internal S3Server S3 => _s3!;

    public async Task InitializeAsync()
    {
        var postgres = PostgresServer.StartAsync(_major);
        _s3 = await S3Server.StartAsync();
        _postgres = await postgres;
    }

    public async Task DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        if (_s3 is not null)
        {
            await _s3.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>A database with the given tables and an empty bucket, both of one new name.</summary>
    internal async Task<TestTask> NewTaskAsync(string sql, string encoding = "UTF8")
    {
        var name = $"t{Interlocked.Increment(ref _number)}";
        await Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0");
        await Postgres.ExecuteAsync(name, sql);
        await S3.Client.PutBucketAsync($"bucket-{name}");
        return new TestTask(this, name, _folder.CreateSubdirectory(name).FullName);
    }
}
