namespace LocalAws.Services.S3;

/// <summary>What the gateway keeps of a bucket beside moto: its policy and its event notifications.</summary>
internal sealed class BucketDocuments
{
    /// <summary>The bucket policy as JSON text. It never reaches moto, which would apply its denials without their conditions.</summary>
    public string? Policy { get; set; }

    public NotificationConfiguration Notifications { get; set; } = NotificationConfiguration.Empty;
}
