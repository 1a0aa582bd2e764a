namespace LocalAws.Moto;

/// <summary>
/// The operations that moto may answer. Everything outside this list is refused with 501, because moto accepts much that it then does not
/// do. What stands here is carried out by moto, or kept and shown without effect; then the line above it says why nobody misses the effect.
/// </summary>
internal static class MotoOperations
{
    private static readonly Dictionary<string, HashSet<string>> Allowed = new(StringComparer.Ordinal)
    {
        // Credentials are not checked, so an assumed role changes nothing.
        ["sts"] = ["GetCallerIdentity", "AssumeRole", "GetSessionToken"],
        // Roles and policies are kept and shown, not enforced.
        ["iam"] =
        [
            "CreateRole", "GetRole", "ListRoles", "DeleteRole", "UpdateRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy", "TagRole",
            "UntagRole", "ListRoleTags",
            "PutRolePolicy", "GetRolePolicy", "ListRolePolicies", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy",
            "ListAttachedRolePolicies",
            "CreatePolicy", "GetPolicy", "DeletePolicy", "ListPolicies", "CreatePolicyVersion", "GetPolicyVersion", "ListPolicyVersions",
            "DeletePolicyVersion",
            "ListPolicyTags", "TagPolicy", "UntagPolicy", "ListEntitiesForPolicy", "ListInstanceProfilesForRole",
        ],
        ["ec2"] =
        [
            // Everything listens on 127.0.0.1, so networks, routes, endpoints and security groups route and hold back nothing.
            "CreateVpc", "DescribeVpcs", "DeleteVpc", "ModifyVpcAttribute", "DescribeVpcAttribute", "CreateSubnet", "DescribeSubnets",
            "DeleteSubnet", "ModifySubnetAttribute",
            "CreateSecurityGroup", "DescribeSecurityGroups", "DeleteSecurityGroup", "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DescribeSecurityGroupRules", "ModifySecurityGroupRules",
            "CreateVpcEndpoint", "DescribeVpcEndpoints", "DeleteVpcEndpoints", "ModifyVpcEndpoint", "DescribePrefixLists",
            "DescribeManagedPrefixLists",
            "CreateRouteTable", "DescribeRouteTables", "DeleteRouteTable", "AssociateRouteTable", "DisassociateRouteTable", "CreateRoute",
            "DeleteRoute",
            "DescribeNetworkAcls", "DeleteNetworkAcl", "DescribeNetworkInterfaces", "DescribeAvailabilityZones", "CreateTags", "DeleteTags",
            "DescribeTags",
            "DescribeAccountAttributes", "DescribeVpcClassicLink", "DescribeVpcClassicLinkDnsSupport", "DescribeInternetGateways",
        ],
        ["kms"] =
        [
            // Encrypt and Decrypt are real. Rotation falls due after a year and deletion after a week; a stack does not live that long.
            "CreateKey", "DescribeKey", "ListKeys", "GetKeyPolicy", "PutKeyPolicy", "ListKeyPolicies", "EnableKeyRotation",
            "DisableKeyRotation", "GetKeyRotationStatus",
            "ListResourceTags", "TagResource", "UntagResource", "ScheduleKeyDeletion", "CancelKeyDeletion", "EnableKey", "DisableKey",
            "UpdateKeyDescription",
            "CreateAlias", "ListAliases", "UpdateAlias", "DeleteAlias", "Encrypt", "Decrypt", "GenerateDataKey",
        ],
        ["secretsmanager"] =
        [
            // Carried out by moto, versions and stages too; resource policies are kept like IAM's.
            "CreateSecret", "DescribeSecret", "ListSecrets", "UpdateSecret", "DeleteSecret", "RestoreSecret", "GetSecretValue",
            "PutSecretValue", "GetRandomPassword",
            "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy", "TagResource", "UntagResource", "ListSecretVersionIds",
            "UpdateSecretVersionStage",
        ],
        ["logs"] =
        [
            // Carried out by moto. Retention counts days, and a stack does not live that long.
            "CreateLogGroup", "DescribeLogGroups", "DeleteLogGroup", "PutRetentionPolicy", "DeleteRetentionPolicy", "CreateLogStream",
            "DescribeLogStreams", "DeleteLogStream",
            "PutLogEvents", "GetLogEvents", "FilterLogEvents", "ListTagsLogGroup", "ListTagsForResource", "TagLogGroup", "UntagLogGroup",
            "TagResource", "UntagResource",
        ],
        ["glue"] =
        [
            // The catalog is data, and moto keeps it. The lock of UpdateTable is the gateway's (Services/Glue).
            "CreateDatabase", "GetDatabase", "GetDatabases", "UpdateDatabase", "DeleteDatabase", "CreateTable", "GetTable", "GetTables",
            "DeleteTable", "BatchDeleteTable",
            "GetTableVersion", "GetTableVersions", "DeleteTableVersion", "GetPartition", "GetPartitions", "GetUserDefinedFunctions",
        ],
        ["s3"] =
        [
            // Objects, parts, versions and listings: carried out by moto.
            "ListBuckets", "CreateBucket", "HeadBucket", "GetBucketLocation", "ListObjects", "ListObjectsV2", "ListObjectVersions",
            "ListMultipartUploads",
            "GetObject", "HeadObject", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging", "GetObjectAcl", "PutObjectAcl",
            "GetObjectAttributes", "ListParts",
            "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "AbortMultipartUpload",
            "GetBucketVersioning", "PutBucketVersioning", "GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging",
            // Who may read: kept and shown, like IAM's policies.
            "GetBucketAcl", "PutBucketAcl", "GetBucketOwnershipControls", "PutBucketOwnershipControls", "DeleteBucketOwnershipControls",
            "GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock", "GetBucketCors", "PutBucketCors", "DeleteBucketCors",
            // Encryption at rest is invisible to those who may read. moto keeps objects in memory.
            "GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption",
            // A rule's shortest time is a day, and a stack does not live that long.
            "GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycleConfiguration",
            // Access logs come hours later, and best-effort, on AWS too.
            "GetBucketLogging", "PutBucketLogging",
            // Read by Terraform with every bucket; they cannot be put.
            "GetBucketAccelerateConfiguration", "GetObjectLockConfiguration", "GetBucketReplication", "GetBucketRequestPayment",
            "GetBucketWebsite",
        ],
        ["sqs"] =
        [
            // Queues are moto's, with visibility and redrive; queue policies are kept like IAM's.
            "CreateQueue", "DeleteQueue", "GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes", "ListQueues", "ListQueueTags",
            "TagQueue", "UntagQueue",
            "SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch", "ListDeadLetterSourceQueues", "PurgeQueue",
        ],
        ["sns"] =
        [
            // Topics and subscriptions are moto's, their policies kept like IAM's; messages are delivered by the gateway (Services/Sns).
            "CreateTopic", "DeleteTopic", "ListTopics", "GetTopicAttributes", "SetTopicAttributes", "Unsubscribe", "ListSubscriptions",
            "ListSubscriptionsByTopic", "GetSubscriptionAttributes", "SetSubscriptionAttributes", "TagResource", "UntagResource",
            "ListTagsForResource",
        ],
    };

    public static IEnumerable<(string Service, string Operation)> All =>
        Allowed.SelectMany(service => service.Value.Select(operation => (service.Key, operation)));

    public static bool Allows(string service, string operation) =>
        Allowed.TryGetValue(service, out var operations) && operations.Contains(operation);
}
