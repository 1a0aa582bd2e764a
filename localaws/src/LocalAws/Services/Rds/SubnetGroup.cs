using LocalAws.Services.Ec2;

namespace LocalAws.Services.Rds;

/// <summary>A DB subnet group.</summary>
public sealed record SubnetGroup(string Name, string Description, string Arn, string VpcId, IReadOnlyList<Subnet> Subnets);
