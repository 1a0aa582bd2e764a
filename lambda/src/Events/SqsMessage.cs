namespace Doorbell;

/// <summary>One message of a batch.</summary>
/// <param name="Id">By which a message that was not handled is reported.</param>
/// <param name="Ring">What it means; null when it was not understood.</param>
/// <param name="Problem">Why it was not understood; null when it was.</param>
internal sealed record SqsMessage(string Id, Ring? Ring, UnknownEventException? Problem);
