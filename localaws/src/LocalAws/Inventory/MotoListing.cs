namespace LocalAws.Inventory;

/// <summary>How to list one kind of moto's resources.</summary>
/// <param name="Kind">For people, e.g. <c>ec2/Vpc</c>.</param>
/// <param name="Service">Signing name.</param>
/// <param name="Call">The action of the query protocol, or the whole target of the JSON protocol.</param>
/// <param name="Name">The element or member that names a resource.</param>
internal sealed record MotoListing(string Kind, string Service, string Call, string Name)
{
    /// <summary>Every kind that an operation of the allow-list can create.</summary>
    public static IReadOnlyList<MotoListing> All { get; } =
    [
        new("iam/Role", "iam", "ListRoles", "RoleName"),
        new("iam/Policy", "iam", "ListPolicies", "PolicyName"),
        new("ec2/Vpc", "ec2", "DescribeVpcs", "vpcId"),
        new("ec2/Subnet", "ec2", "DescribeSubnets", "subnetId"),
        new("ec2/SecurityGroup", "ec2", "DescribeSecurityGroups", "groupId"),
        new("ec2/SecurityGroupRule", "ec2", "DescribeSecurityGroupRules", "securityGroupRuleId"),
        new("ec2/RouteTable", "ec2", "DescribeRouteTables", "routeTableId"),
        new("ec2/NetworkAcl", "ec2", "DescribeNetworkAcls", "networkAclId"),
        new("ec2/VpcEndpoint", "ec2", "DescribeVpcEndpoints", "vpcEndpointId"),
        new("ec2/NetworkInterface", "ec2", "DescribeNetworkInterfaces", "networkInterfaceId"),
        new("kms/Key", "kms", "TrentService.ListKeys", "KeyId"),
        new("kms/Alias", "kms", "TrentService.ListAliases", "AliasName"),
        new("secretsmanager/Secret", "secretsmanager", "secretsmanager.ListSecrets", "Name"),
        new("logs/LogGroup", "logs", "Logs_20140328.DescribeLogGroups", "logGroupName"),
        new("glue/Database", "glue", "AWSGlue.GetDatabases", "Name"),
        new("sqs/Queue", "sqs", "AmazonSQS.ListQueues", "QueueUrls"),
        new("sns/Topic", "sns", "ListTopics", "TopicArn"),
    ];
}
