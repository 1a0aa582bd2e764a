using System.Text;

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>Something that people or programs may read, and that must not hold a secret.</summary>
internal sealed record SecretPlace(string Name, ReadOnlyMemory<byte> Content)
{
    public SecretPlace(string name, string content)
        : this(name, Encoding.UTF8.GetBytes(content))
    {
    }

    public bool Holds(string secret) => Content.Span.IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0;
}
