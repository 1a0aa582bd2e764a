using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.Target;
using LocalAws.Replication.Uploads;

namespace LocalAws.Replication.Commands;

/// <summary>Tests the endpoint of a <see cref="ConnectionTestSpec"/>.</summary>
internal static class ConnectionTestCommand
{
    public static async Task<int> RunAsync(TextReader input, Reporter reporter)
    {
        string? problem;
        try
        {
            problem = await TestAsync(await Specification.ReadAsync<ConnectionTestSpec>(input));
        }
        catch (ReplicationException error)
        {
            problem = error.Message;
        }

        reporter.Send(new ConnectionTestMessage(problem is null, problem));
        return problem is null ? 0 : 1;
    }

    private static async Task<string?> TestAsync(ConnectionTestSpec spec)
    {
        if (spec.Source is { } source)
        {
            PostgreSqlSourceSettings.Parse(source.PostgreSQLSettings, source.ExtraConnectionAttributes);
            return await SourceConnectionTest.RunAsync(source, spec.RequireReplication, CancellationToken.None);
        }

        var target = spec.Target ?? throw new ReplicationException("The specification names neither a source nor a target.");
        using var bucket = new S3Bucket(target, S3TargetSettings.Parse(target.S3Settings, target.ExtraConnectionAttributes));
        await bucket.CheckAsync(CancellationToken.None);
        return null;
    }
}
