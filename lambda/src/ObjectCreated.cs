namespace Doorbell;

/// <summary>An object that S3 says has landed.</summary>
/// <param name="Key">Decoded: as the object is named, not as the event spells it.</param>
internal sealed record ObjectCreated(string Bucket, string Key);
