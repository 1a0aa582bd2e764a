namespace LocalAws.Services.Messaging;

/// <summary>An attribute of a message in a queue.</summary>
/// <param name="DataType"><c>String</c> or <c>Number</c>.</param>
/// <param name="Value">As text.</param>
internal sealed record MessageAttribute(string DataType, string Value)
{
    /// <summary>A text; SQS takes none that is empty.</summary>
    public static MessageAttribute Text(string value) => new("String", value.Length == 0 ? " " : value);
}
