using System.Net;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;

namespace Cdc.Harness.Pipelines.State;

/// <summary>
/// Writes what the job is to know of its source and its task, which it cannot ask: objects beside its own state. Two programs may write at
/// once, so each object is put only over the one that was read.
/// </summary>
/// <param name="s3">S3.</param>
/// <param name="bucket">The final bucket.</param>
/// <param name="prefix">The state's prefix, with a slash at its end.</param>
public sealed class StateFolder(IAmazonS3 s3, string bucket, string prefix)
{
    private const int KeptLoads = 5;
    private const int Attempts = 5;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Records the columns of a table; one that is newer, or says the same, stays.</summary>
    /// <returns>Whether an object was written.</returns>
    public Task<bool> RecordAsync(SchemaDocument schema, CancellationToken cancellationToken) =>
        PutAsync(
            SchemaKey(schema.Table), schema, there => there is null || (there.ReadAt < schema.ReadAt && !there.SaysTheSame(schema)),
            cancellationToken);

    /// <summary>Records a load, and forgets all but the latest loads of its table.</summary>
    /// <returns>Whether an object was written.</returns>
    public async Task<bool> RecordAsync(LoadDocument load, CancellationToken cancellationToken)
    {
        var folder = LoadFolder(load.Table);
        if (!await PutAsync<LoadDocument>(folder + load.Name, load, load.Replaces, cancellationToken))
        {
            return false;
        }

        var keys = await KeysAsync(folder, cancellationToken);
        foreach (var old in keys.Order(StringComparer.Ordinal).SkipLast(KeptLoads))
        {
            await s3.DeleteObjectAsync(bucket, old, cancellationToken);
        }

        return true;
    }

    /// <summary>The key of a table's columns.</summary>
    public string SchemaKey(string table) => $"{prefix}schemas/{Quoted(table)}.json";

    /// <summary>The folder of a table's loads, with a slash at its end.</summary>
    public string LoadFolder(string table) => $"{prefix}loads/{Quoted(table)}/";

    /// <summary>The loads of a table that are recorded, oldest first.</summary>
    public async Task<IReadOnlyList<LoadDocument>> LoadsAsync(string table, CancellationToken cancellationToken)
    {
        var loads = new List<LoadDocument>();
        foreach (var key in (await KeysAsync(LoadFolder(table), cancellationToken)).Order(StringComparer.Ordinal))
        {
            if ((await ReadAsync<LoadDocument>(key, cancellationToken)).Document is { } load)
            {
                loads.Add(load);
            }
        }

        return loads;
    }

    /// <summary>The recorded columns of a table; null when there are none.</summary>
    public async Task<SchemaDocument?> SchemaAsync(string table, CancellationToken cancellationToken) =>
        (await ReadAsync<SchemaDocument>(SchemaKey(table), cancellationToken)).Document;

    // As Python's quote(name, safe="") has it: RFC 3986's unreserved characters stay.
    private static string Quoted(string table) => Uri.EscapeDataString(table);

    private async Task<bool> PutAsync<T>(string key, T document, Func<T?, bool> replaces, CancellationToken cancellationToken)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var (there, etag) = await ReadAsync<T>(key, cancellationToken);
            if (!replaces(there))
            {
                return false;
            }

            try
            {
                await s3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = bucket,
                        Key = key,
                        ContentBody = JsonSerializer.Serialize(document, Format),
                        ContentType = "application/json",
                        IfMatch = etag,
                        IfNoneMatch = etag is null ? "*" : null,
                    },
                    cancellationToken);
                return true;
            }
            catch (AmazonS3Exception met) when (
                met.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict && attempt < Attempts)
            {
                // Somebody else has written it: what they wrote decides.
            }
        }
    }

    /// <returns>Nothing but the ETag for an object that is not understood: it is replaced.</returns>
    private async Task<(T? Document, string? ETag)> ReadAsync<T>(string key, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var response = await s3.GetObjectAsync(bucket, key, cancellationToken);
            try
            {
                return (await JsonSerializer.DeserializeAsync<T>(response.ResponseStream, Format, cancellationToken), response.ETag);
            }
            catch (JsonException)
            {
                return (null, response.ETag);
            }
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return (null, null);
        }
    }

    private async Task<IReadOnlyList<string>> KeysAsync(string folder, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = folder };
        ListObjectsV2Response page;
        do
        {
            page = await s3.ListObjectsV2Async(request, cancellationToken);
            keys.AddRange((page.S3Objects ?? []).Select(item => item.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        return keys;
    }
}
