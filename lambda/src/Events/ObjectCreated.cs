namespace Doorbell;

/// <summary>An object that S3 says has landed.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">Decoded: as the object is named, not as the event spells it.</param>
/// <param name="Time">When S3 had finished the request; null when the event does not say.</param>
internal sealed record ObjectCreated(string Bucket, string Key, DateTimeOffset? Time);
