namespace LocalAws.Health;

/// <summary>A service that knows when something of it does not work any more.</summary>
internal interface IProblemSource
{
    /// <summary>What has failed and why, a sentence each; nothing when all is well.</summary>
    IEnumerable<string> Problems();
}
