using System.Text.Json;

namespace LocalAws.Replication;

/// <summary>An S3 endpoint and the credentials of its role.</summary>
public sealed record TargetSpec
{
    /// <summary><c>S3Settings</c> as the API has them.</summary>
    public required JsonElement S3Settings { get; init; }

    /// <summary>Extra connection attributes, <c>name=value;…</c>. They win over the settings.</summary>
    public string? ExtraConnectionAttributes { get; init; }

    /// <summary>Where S3 is; null: AWS.</summary>
    public Uri? EndpointUrl { get; init; }

    /// <summary>Region.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Access key id.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>Secret access key.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>Session token of temporary credentials.</summary>
    public string? SessionToken { get; init; }
}
