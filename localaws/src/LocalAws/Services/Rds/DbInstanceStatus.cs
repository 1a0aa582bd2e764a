namespace LocalAws.Services.Rds;

/// <summary>The states of an instance that occur here, as the API spells them.</summary>
internal static class DbInstanceStatus
{
    public const string Creating = "creating";
    public const string Available = "available";
    public const string Rebooting = "rebooting";
    public const string Deleting = "deleting";
    public const string Failed = "failed";
}
