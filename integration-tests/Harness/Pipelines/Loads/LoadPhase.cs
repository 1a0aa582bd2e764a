namespace Cdc.Harness.Pipelines.Loads;

/// <summary>How far the load of a table is.</summary>
public enum LoadPhase
{
    /// <summary>The task does not name the table yet.</summary>
    Unknown,

    /// <summary>The table came to the task after its full load; DMS captures its changes and does not load it by itself.</summary>
    NeverLoaded,

    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>Its rows are being read.</summary>
    Loading,

    /// <summary>All of its rows were written.</summary>
    Loaded,

    /// <summary>The load, or a change since, failed: the table is suspended.</summary>
    Failed,

    /// <summary>The source does not have the table.</summary>
    Missing,
}
