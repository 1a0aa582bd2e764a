namespace LocalAws.Services.Ec2;

/// <summary>A subnet as far as subnet groups show it.</summary>
internal sealed record Subnet(string Id, string Zone, string VpcId);
