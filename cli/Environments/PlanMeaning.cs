using System.Text.Json.Nodes;
using Cdc.Harness.Terraform;

namespace Cdc.Cli.Environments;

/// <summary>
/// What an apply of a plan means for the pipeline beyond its resources: pauses, loads and losses that Terraform does not tell.
/// </summary>
internal static class PlanMeaning
{
    private const string Stopped =
        "the task stops, is modified and stays stopped: make start afterwards resumes it, and loads tables that were added";

    /// <summary>Sentences, the gravest first; none where nothing but resources changes.</summary>
    public static IReadOnlyList<string> Of(Plan plan) =>
    [
        .. (plan.Json["resource_changes"] as JsonArray ?? [])
            .Select(change => (
                Address: change!["address"]!.GetValue<string>(),
                Meaning: Of(
                    change["type"]!.GetValue<string>(),
                    [.. change["change"]!["actions"]!.AsArray().Select(action => action!.GetValue<string>())])))
            .Where(change => change.Meaning is not null)
            .OrderBy(change => change.Meaning!.Value.Rank)
            .Select(change => $"{change.Address}: {change.Meaning!.Value.Text}")
            .Distinct(StringComparer.Ordinal),
    ];

    private static (int Rank, string Text)? Of(string type, string[] actions)
    {
        var deletes = actions.Contains("delete");
        var replaces = deletes && actions.Contains("create");
        var updates = actions.Contains("update");
        return type switch
        {
            "aws_db_instance" when deletes => (0, "the database goes, with all that is in it"),
            "aws_s3_bucket" when deletes =>
                (0, "the bucket goes; AWS refuses while it holds objects, unless ephemeral_environment was applied before"),
            "aws_kms_key" when deletes => (0, "the key goes after its waiting time: what it encrypts is unreadable then"),
            "aws_glue_catalog_database" when deletes => (1, "its tables leave the catalog; another one begins anew from the raw files"),
            "aws_dms_replication_task" when replaces => (2, "a new task: make start begins with a full load of every table"),
            "aws_dms_replication_task" when deletes => (2, "the task goes: nothing is captured from then on"),
            "aws_dms_replication_task" when updates => (3, Stopped),
            "aws_dms_replication_instance" when updates => (4, "the task pauses while the instance is modified, and goes on by itself"),
            "aws_dms_endpoint" or "aws_dms_s3_endpoint" when updates =>
                (4, "AWS changes an endpoint only while its task is stopped: stop it before, and make start afterwards"),
            "aws_db_instance" when updates => (5, "a change of class or version restarts the database; the task reconnects"),
            _ => null,
        };
    }
}
