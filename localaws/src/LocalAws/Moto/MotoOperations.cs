namespace LocalAws.Moto;

/// <summary>
/// The operations that moto may answer. Everything outside this list is refused with 501, because moto accepts much that it then does not do.
/// What stands here either is complete in moto for this pipeline, or has no data plane that a user could miss.
/// </summary>
public static class MotoOperations
{
    private static readonly Dictionary<string, HashSet<string>> Allowed = new(StringComparer.Ordinal)
    {
        ["sts"] = ["GetCallerIdentity", "AssumeRole", "GetSessionToken"],
        ["iam"] =
        [
            "CreateRole", "GetRole", "ListRoles", "DeleteRole", "UpdateRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy", "TagRole", "UntagRole", "ListRoleTags",
            "PutRolePolicy", "GetRolePolicy", "ListRolePolicies", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "ListAttachedRolePolicies",
            "CreatePolicy", "GetPolicy", "DeletePolicy", "ListPolicies", "CreatePolicyVersion", "GetPolicyVersion", "ListPolicyVersions", "DeletePolicyVersion",
            "ListPolicyTags", "TagPolicy", "UntagPolicy", "ListEntitiesForPolicy", "ListInstanceProfilesForRole",
        ],
        ["ec2"] =
        [
            "CreateVpc", "DescribeVpcs", "DeleteVpc", "ModifyVpcAttribute", "DescribeVpcAttribute", "CreateSubnet", "DescribeSubnets", "DeleteSubnet", "ModifySubnetAttribute",
            "CreateSecurityGroup", "DescribeSecurityGroups", "DeleteSecurityGroup", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress",
            "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DescribeSecurityGroupRules", "ModifySecurityGroupRules",
            "CreateVpcEndpoint", "DescribeVpcEndpoints", "DeleteVpcEndpoints", "ModifyVpcEndpoint", "DescribePrefixLists", "DescribeManagedPrefixLists",
            "CreateRouteTable", "DescribeRouteTables", "DeleteRouteTable", "AssociateRouteTable", "DisassociateRouteTable", "CreateRoute", "DeleteRoute",
            "DescribeNetworkAcls", "DeleteNetworkAcl", "DescribeNetworkInterfaces", "DescribeAvailabilityZones", "CreateTags", "DeleteTags", "DescribeTags",
            "DescribeAccountAttributes", "DescribeVpcClassicLink", "DescribeVpcClassicLinkDnsSupport", "DescribeInternetGateways",
        ],
        ["kms"] =
        [
            "CreateKey", "DescribeKey", "ListKeys", "GetKeyPolicy", "PutKeyPolicy", "ListKeyPolicies", "EnableKeyRotation", "DisableKeyRotation", "GetKeyRotationStatus",
            "ListResourceTags", "TagResource", "UntagResource", "ScheduleKeyDeletion", "CancelKeyDeletion", "EnableKey", "DisableKey", "UpdateKeyDescription",
            "CreateAlias", "ListAliases", "UpdateAlias", "DeleteAlias", "Encrypt", "Decrypt", "GenerateDataKey",
        ],
        ["secretsmanager"] =
        [
            "CreateSecret", "DescribeSecret", "ListSecrets", "UpdateSecret", "DeleteSecret", "RestoreSecret", "GetSecretValue", "PutSecretValue", "GetRandomPassword",
            "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy", "TagResource", "UntagResource", "ListSecretVersionIds", "UpdateSecretVersionStage",
        ],
        ["logs"] =
        [
            "CreateLogGroup", "DescribeLogGroups", "DeleteLogGroup", "PutRetentionPolicy", "DeleteRetentionPolicy", "CreateLogStream", "DescribeLogStreams", "DeleteLogStream",
            "PutLogEvents", "GetLogEvents", "FilterLogEvents", "ListTagsLogGroup", "ListTagsForResource", "TagLogGroup", "UntagLogGroup", "TagResource", "UntagResource",
        ],
        ["glue"] =
        [
            "CreateDatabase", "GetDatabase", "GetDatabases", "UpdateDatabase", "DeleteDatabase", "CreateTable", "GetTable", "GetTables", "DeleteTable", "BatchDeleteTable",
            "GetTableVersion", "GetTableVersions", "DeleteTableVersion", "GetPartition", "GetPartitions", "GetUserDefinedFunctions",
        ],
        ["s3"] =
        [
            "ListBuckets", "CreateBucket", "HeadBucket", "DeleteBucket", "GetBucketLocation", "ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads",
            "GetObject", "HeadObject", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging", "GetObjectAcl", "PutObjectAcl", "GetObjectAttributes", "ListParts",
            "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "AbortMultipartUpload",
            "GetBucketAccelerateConfiguration", "GetBucketAcl", "PutBucketAcl", "GetBucketCors", "PutBucketCors", "DeleteBucketCors", "GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption",
            "GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycleConfiguration", "GetBucketLogging", "PutBucketLogging",
            "GetObjectLockConfiguration", "GetBucketOwnershipControls", "PutBucketOwnershipControls", "DeleteBucketOwnershipControls",
            "GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock", "GetBucketReplication", "GetBucketRequestPayment",
            "GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging", "GetBucketVersioning", "PutBucketVersioning", "GetBucketWebsite",
        ],
        ["sqs"] =
        [
            "CreateQueue", "DeleteQueue", "GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes", "ListQueues", "ListQueueTags", "TagQueue", "UntagQueue",
            "SendMessage", "ReceiveMessage", "DeleteMessage", "PurgeQueue",
        ],
    };

    public static bool Allows(string service, string operation) =>
        Allowed.TryGetValue(service, out var operations) && operations.Contains(operation);
}
