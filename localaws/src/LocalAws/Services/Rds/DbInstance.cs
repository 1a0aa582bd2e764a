using System.Collections.Immutable;
using System.Security.Cryptography;

namespace LocalAws.Services.Rds;

/// <summary>A DB instance: what the API shows of it and the server behind it.</summary>
internal sealed class DbInstance
{
    private readonly Lock _gate = new();
    private Task _work = Task.CompletedTask;
    private string _status = DbInstanceStatus.Creating;

    public required string Identifier { get; init; }

    public required string Arn { get; init; }

    /// <summary>Settings as the API names them, with the defaults of RDS filled in; swapped as a whole when they change.</summary>
    public required ImmutableSortedDictionary<string, string> Settings { get; set; }

    public required string EngineVersion { get; set; }

    public required string MasterUsername { get; init; }

    public string? DatabaseName { get; init; }

    public required string ParameterGroup { get; set; }

    /// <summary><c>in-sync</c> or <c>pending-reboot</c>.</summary>
    public string ParameterApplyStatus { get; set; } = "in-sync";

    public required SubnetGroup? SubnetGroup { get; set; }

    public required IReadOnlyList<string> SecurityGroups { get; set; }

    public IReadOnlyList<string> LogExports { get; set; } = [];

    /// <summary>Stable over renames; the provider finds the instance by it.</summary>
    public string ResourceId { get; } = "db-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(13));

    public required DateTimeOffset Created { get; init; }

    /// <summary>One of <see cref="DbInstanceStatus"/>.</summary>
    public string Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    /// <summary>Why the instance is <c>failed</c>; null in every other state.</summary>
    public string? FailureReason { get; private set; }

    /// <summary>Port of 127.0.0.1; null while the instance is being created.</summary>
    public int? Port { get; set; }

    /// <summary>The server; null until it has been made.</summary>
    public PostgresServer? Server { get; set; }

    /// <summary>Cancelled by DeleteDBInstance: whatever is under way for the instance ends.</summary>
    public CancellationTokenSource Deletion { get; } = new();

    /// <summary>When the server ended by itself, for the last times.</summary>
    public ServerEnds Ends { get; } = new();

    /// <summary>Changes the status if it is the expected one.</summary>
    /// <returns>Whether it was.</returns>
    public bool Become(string status, string from)
    {
        lock (_gate)
        {
            return _status == from && Set(status, null);
        }
    }

    /// <summary>Marks the instance as being deleted, from whatever state.</summary>
    /// <returns>False when it is being deleted already.</returns>
    public bool BecomeDeleting()
    {
        lock (_gate)
        {
            return _status != DbInstanceStatus.Deleting && Set(DbInstanceStatus.Deleting, null);
        }
    }

    /// <summary>Marks the instance as failed, unless it is being deleted.</summary>
    /// <returns>Whether it is failed now.</returns>
    public bool Fail(string reason)
    {
        lock (_gate)
        {
            return _status != DbInstanceStatus.Deleting && Set(DbInstanceStatus.Failed, reason);
        }
    }

    /// <summary>Does the work after all that is under way for this instance: creation, reboot, recovery and deletion never meet.</summary>
    /// <param name="work">It takes care of its own failures.</param>
    public void Enqueue(Func<Task> work)
    {
        lock (_gate)
        {
            _work = AfterAsync(_work, work);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await work();
    }

    private bool Set(string status, string? reason)
    {
        _status = status;
        FailureReason = reason;
        return true;
    }
}
