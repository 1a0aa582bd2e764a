namespace LocalAws.Services.Rds;

/// <summary>A DB subnet group.</summary>
/// <param name="Subnets">Subnet id and its availability zone.</param>
public sealed record SubnetGroup(string Name, string Description, string Arn, string VpcId, IReadOnlyList<(string Id, string Zone)> Subnets);
