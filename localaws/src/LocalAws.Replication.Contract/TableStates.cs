namespace LocalAws.Replication;

/// <summary>The API's <c>TableState</c>.</summary>
public static class TableStates
{
    /// <summary>Named by a rule, not in the database.</summary>
    public const string DoesNotExist = "Table does not exist";

    /// <summary>Waits for its load.</summary>
    public const string BeforeLoad = "Before load";

    /// <summary>Is being loaded.</summary>
    public const string FullLoad = "Full load";

    /// <summary>Is being loaded again, by ReloadTables.</summary>
    public const string BeingReloaded = "Table is being reloaded";

    /// <summary>Loaded; changes are written.</summary>
    public const string Completed = "Table completed";

    /// <summary>The load was broken off.</summary>
    public const string Cancelled = "Table cancelled";

    /// <summary>Suspended after an error.</summary>
    public const string Error = "Table error";
}
