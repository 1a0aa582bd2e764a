using LocalAws.Services.Ec2;

namespace LocalAws.Services.Rds;

/// <summary>A DB subnet group.</summary>
internal sealed record SubnetGroup(string Name, string Description, string Arn, string VpcId, IReadOnlyList<Subnet> Subnets);
