using System.Text.Json.Nodes;
using Cdc.Cli.Environments;
using Cdc.Harness.Terraform;

namespace Cdc.Cli.Tests;

/// <summary>What a plan means for the pipeline, told before it is applied.</summary>
public sealed class PlanMeaningTests
{
    [Theory]
    [InlineData("aws_dms_replication_task", "update", "*stays stopped: make start*")]
    [InlineData("aws_dms_replication_task", "delete,create", "*full load of every table*")]
    [InlineData("aws_dms_replication_task", "create,delete", "*full load of every table*")]
    [InlineData("aws_dms_replication_task", "delete", "*nothing is captured*")]
    [InlineData("aws_dms_s3_endpoint", "update", "*only while its task is stopped*")]
    [InlineData("aws_dms_replication_instance", "update", "*pauses*")]
    [InlineData("aws_db_instance", "delete,create", "*the database goes*")]
    [InlineData("aws_s3_bucket", "delete,create", "*the bucket goes*")]
    [InlineData("aws_kms_key", "delete", "*unreadable*")]
    [InlineData("aws_glue_catalog_database", "delete,create", "*begins anew*")]
    public void What_terraform_does_not_tell_is_told(string type, string actions, string expected) =>
        PlanMeaning.Of(Plan((type, actions))).Should().ContainSingle().Which.Should().Match($"{type}.this: {expected}");

    [Theory]
    [InlineData("aws_dms_replication_task", "create")]
    [InlineData("aws_dms_replication_task", "no-op")]
    [InlineData("aws_s3_object", "update")]
    [InlineData("aws_glue_job", "update")]
    [InlineData("aws_s3_bucket", "update")]
    public void What_pauses_and_loses_nothing_needs_no_word(string type, string actions) =>
        PlanMeaning.Of(Plan((type, actions))).Should().BeEmpty();

    [Fact]
    public void The_gravest_comes_first() =>
        PlanMeaning.Of(Plan(("aws_dms_replication_instance", "update"), ("aws_dms_replication_task", "update"), ("aws_kms_key", "delete")))
            .Select(sentence => sentence.Split('.')[0])
            .Should().Equal("aws_kms_key", "aws_dms_replication_task", "aws_dms_replication_instance");

    private static Plan Plan(params (string Type, string Actions)[] changes) =>
        new(new JsonObject
        {
            ["resource_changes"] = new JsonArray(
            [
                .. changes.Select(change => new JsonObject
                {
                    ["address"] = $"{change.Type}.this",
                    ["type"] = change.Type,
                    ["change"] = new JsonObject
                    {
                        ["actions"] = new JsonArray([.. change.Actions.Split(',').Select(action => (JsonNode)action)]),
                    },
                }),
            ]),
        });
}
