using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Glue;
using Amazon.S3;

namespace Cdc.Harness.Pipelines.Configuration;

/// <summary>What the commands need of the job's configuration, which Terraform writes and the job reads.</summary>
/// <param name="FinalBucket">The bucket of the final tables.</param>
/// <param name="StatePrefix">Where in it the job's state lies, with a slash at its end.</param>
/// <param name="Tables">Settings by qualified name.</param>
public sealed record JobConfiguration(string FinalBucket, string StatePrefix, IReadOnlyDictionary<string, TableSettings> Tables)
{
    private const string Argument = "--config";

    /// <summary>Settings of a table; the defaults for one that has none.</summary>
    public TableSettings Of(ReplicatedTable table) => Tables.GetValueOrDefault(table.Qualified) ?? new TableSettings();

    /// <summary>Reads the object that the job's argument names.</summary>
    /// <exception cref="PipelineException">It is not there or cannot be understood.</exception>
    public static async Task<JobConfiguration> ReadAsync(
        AmazonGlueClient glue, IAmazonS3 s3, string job, CancellationToken cancellationToken)
    {
        var text = (await glue.GetJobAsync(job, cancellationToken))["DefaultArguments"]?[Argument]?.GetValue<string>();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var place) || place.Scheme != "s3")
        {
            throw new PipelineException(
                $"The job {job} has no argument {Argument} with the place of its configuration (s3://…), but \"{text}\". "
                + "Apply the environment.");
        }

        try
        {
            return Parse(await s3.ReadAsync(place.Host, Uri.UnescapeDataString(place.AbsolutePath.TrimStart('/')), cancellationToken));
        }
        catch (AmazonS3Exception refused)
        {
            throw new PipelineException($"The configuration {text} of the job {job} cannot be read: {refused.Message}");
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException)
        {
            throw new PipelineException(
                $"The configuration {text} of the job {job} is not understood: {unread.Message} Apply the environment.");
        }
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="JsonException">It is no JSON, or lacks something.</exception>
    public static JobConfiguration Parse(ReadOnlySpan<byte> document)
    {
        var root = JsonNode.Parse(document) ?? throw new JsonException("It is null.");
        var tables = (root["tables"] as JsonArray ?? throw new JsonException("It has no tables.")).OfType<JsonObject>();
        return new JobConfiguration(
            Required(root["final"], "bucket"),
            Required(root["final"], "state_prefix"),
            tables.ToDictionary(
                table => $"{Required(table, "schema")}.{Required(table, "name")}",
                table => new TableSettings(Text(table, "replica_identity") ?? "default", Text(table, "on_unchanged_lob") ?? "keep"),
                StringComparer.Ordinal));
    }

    private static string? Text(JsonNode? parent, string name) => parent?[name]?.GetValue<string>();

    private static string Required(JsonNode? parent, string name) => Text(parent, name) ?? throw new JsonException($"It lacks {name}.");
}
