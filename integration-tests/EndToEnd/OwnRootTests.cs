using Cdc.EndToEnd.Tests.Story;
using Cdc.Harness.Waiting;

namespace Cdc.EndToEnd.Tests;

/// <summary>
/// A second pipeline on the same local AWS, of a root that knows nothing of this repository's environments, applied by plain Terraform.
/// </summary>
public sealed class OwnRootTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_commands_find_it_and_its_rows_move_beside_those_of_the_environment()
    {
        var story = await DeployedPipeline.GetAsync();
        var root = await story.OwnRoot;
        var port = story.Stack.Port!.Value;
        await using var deployment = await root.OpenAsync(StoryTime.Token);
        await deployment.Source.ExecuteAsync(
            "CREATE TABLE accounts (account_id int PRIMARY KEY, owner text NOT NULL, balance numeric(12, 2) NOT NULL); "
            + "INSERT INTO accounts SELECT n, 'owner ' || n, n * 1.25 FROM generate_series(1, 500) n",
            StoryTime.Token);

        var status = await root.CommandAsync(port, ["status"], StoryTime.Token);
        status.StandardOutput.Should().Contain("DMS task ledger: ready").And.Contain("rds ledger").And.Contain("rds shop");
        var start = await root.CommandAsync(port, ["start"], StoryTime.Token);
        start.ExitCode.Should().Be(0, start.StandardOutput);
        await deployment.Replication.WaitUntilLoadedAsync(StoryTime.Token);
        await deployment.Source.ExecuteAsync(
            "DELETE FROM accounts WHERE account_id % 10 = 0; UPDATE accounts SET balance = balance + 1 WHERE account_id % 7 = 0",
            StoryTime.Token);

        var expected = (await deployment.Source.QueryAsync("SELECT count(*)::text, sum(balance)::text FROM accounts", StoryTime.Token))[0];
        await Eventually.BecomesAsync(
            "the final table equals the source",
            async token => string.Join(" and ", (await TotalsAsync(deployment, token)).Select(value => value ?? "NULL")),
            seen => seen == string.Join(" and ", expected.Select(value => value ?? "NULL")),
            Limit,
            StoryTime.Token,
            TimeSpan.FromSeconds(2));
        var query = await root.CommandAsync(port, ["query", "--sql", "SELECT sum(balance) AS total FROM public_accounts"], StoryTime.Token);
        query.StandardOutput.Should().Contain(expected[1]);
    }

    [Fact]
    public async Task What_plain_terraform_applied_is_neither_applied_again_nor_destroyed_by_the_commands()
    {
        var story = await DeployedPipeline.GetAsync();
        var root = await story.OwnRoot;

        var apply = await root.CommandAsync(story.Stack.Port!.Value, ["apply"], StoryTime.Token);
        var destroy = await root.CommandAsync(story.Stack.Port!.Value, ["destroy"], StoryTime.Token);

        apply.ExitCode.Should().Be(1);
        apply.StandardOutput.Should().Contain("own-root is applied on the local AWS already, by plain terraform").And.Contain(root.Folder);
        destroy.ExitCode.Should().Be(1);
        destroy.StandardOutput.Should().Contain("destroy it by terraform there");
    }

    private static async Task<IReadOnlyList<string?>> TotalsAsync(
        Harness.Pipelines.Deployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            return (await deployment.Athena.RunAsync("SELECT count(*), sum(balance) FROM public_accounts", cancellationToken)).Rows[0];
        }
        catch (Harness.Pipelines.AthenaQueryException missing) when (missing.Message.Contains("public_accounts", StringComparison.Ordinal))
        {
            return ["no table"];
        }
    }
}
