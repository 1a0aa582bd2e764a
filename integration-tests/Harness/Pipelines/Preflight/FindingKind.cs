namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>What a finding means for the start.</summary>
public enum FindingKind
{
    /// <summary>What is captured would not equal the source, or nothing is captured: the task is not started.</summary>
    Refusal,

    /// <summary>Something of the table is not captured, which may be meant.</summary>
    Loss,

    /// <summary>Something was set in the source, as the configuration asks for.</summary>
    Applied,
}
