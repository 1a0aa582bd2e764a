namespace Doorbell;

/// <summary>The function was invoked with something that it does not understand.</summary>
public sealed class UnknownEventException(string message) : Exception(message);
