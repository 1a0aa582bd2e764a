using System.Text.Json.Nodes;

namespace LocalAws.Services.Lambda;

/// <summary>A function's code and configuration of one moment. It never changes: a change makes another one.</summary>
/// <param name="Revision">Grows with each change.</param>
/// <param name="Configuration">As the API shows it, without what code and state add; nobody writes to it.</param>
/// <param name="Code">The deployed code.</param>
/// <param name="LastModified">When it was made.</param>
internal sealed record FunctionVersion(int Revision, JsonObject Configuration, FunctionCode Code, DateTimeOffset LastModified)
{
    public TimeSpan Timeout => TimeSpan.FromSeconds(Configuration["Timeout"]?.GetValue<int>() ?? 3);

    public int MemorySize => Configuration["MemorySize"]?.GetValue<int>() ?? 128;

    public string Handler => Configuration["Handler"]?.GetValue<string>() ?? "bootstrap";

    public string Architecture => Configuration["Architectures"]![0]!.GetValue<string>();

    /// <summary>The log group that is configured; null for the usual one.</summary>
    public string? LogGroup => Configuration["LoggingConfig"]?["LogGroup"]?.GetValue<string>();

    public IEnumerable<KeyValuePair<string, string>> Variables =>
        Configuration["Environment"]?["Variables"] is JsonObject variables
            ? variables.Select(item => KeyValuePair.Create(item.Key, item.Value!.GetValue<string>()))
            : [];
}
