namespace LocalAws.Services.Repairs;

/// <summary>The repairs in force; each names what moto gets wrong.</summary>
internal static class MotoRepairs
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(SecurityGroupRuleDescriptions),
    ];
}
