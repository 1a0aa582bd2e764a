namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>A column as the catalog has it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">The type as SQL has it; of a domain, the type that it is made of.</param>
/// <param name="IsEnum">Whether its values have names that can be changed.</param>
/// <param name="IsVirtual">Whether it is a generated column that is not stored.</param>
/// <param name="IsToastable">Whether a large value is stored out of line, so that an update that leaves it alone does not write it.</param>
public sealed record SourceColumnFacts(string Name, string Type, bool IsEnum, bool IsVirtual, bool IsToastable);
