namespace LocalAws.Replication;

/// <summary>The API's migration types.</summary>
public static class MigrationTypes
{
    /// <summary>What is there, once.</summary>
    public const string FullLoad = "full-load";

    /// <summary>Changes only.</summary>
    public const string Cdc = "cdc";

    /// <summary>Both.</summary>
    public const string FullLoadAndCdc = "full-load-and-cdc";
}
