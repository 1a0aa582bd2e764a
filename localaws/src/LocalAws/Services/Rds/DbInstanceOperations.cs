using System.Collections.Immutable;
using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>DB instances: each a real PostgreSQL server, in the states that clients wait for.</summary>
internal sealed class DbInstanceOperations(
    ScopedStore<RdsState> store, PostgresDistributions distributions, GroupSettings groups, DbInstanceLife life, TimeProvider clock)
{
    /// <summary>Settings that are kept and shown, with RDS's defaults; none of them changes what the local server does.</summary>
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["AllocatedStorage"] = "20",
        ["AutoMinorVersionUpgrade"] = "true",
        ["AvailabilityZone"] = "us-east-1a",
        ["BackupRetentionPeriod"] = "1",
        ["CACertificateIdentifier"] = "rds-ca-rsa2048-g1",
        ["CopyTagsToSnapshot"] = "false",
        ["CustomerOwnedIpEnabled"] = "false",
        ["DBInstanceClass"] = "db.t4g.micro",
        ["DedicatedLogVolume"] = "false",
        ["DeletionProtection"] = "false",
        ["IAMDatabaseAuthenticationEnabled"] = "false",
        ["LicenseModel"] = "postgresql-license",
        ["MonitoringInterval"] = "0",
        ["MultiAZ"] = "false",
        ["NetworkType"] = "IPV4",
        ["PerformanceInsightsEnabled"] = "false",
        ["PreferredBackupWindow"] = "03:00-03:30",
        ["PreferredMaintenanceWindow"] = "sun:05:00-sun:05:30",
        ["PubliclyAccessible"] = "false",
        ["StorageEncrypted"] = "false",
        ["StorageThroughput"] = "0",
        ["StorageType"] = "gp2",
    };

    /// <summary>Request members whose name differs from the shown setting's.</summary>
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["EnableIAMDatabaseAuthentication"] = "IAMDatabaseAuthenticationEnabled",
        ["EnablePerformanceInsights"] = "PerformanceInsightsEnabled",
    };

    private static readonly string[] Optional =
    [
        "Iops", "KmsKeyId", "MaxAllocatedStorage", "MonitoringRoleArn", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod",
    ];

    public IEnumerable<XElement> Create(AwsScope scope, FormParameters form)
    {
        var identifier = form.Required("DBInstanceIdentifier").ToLowerInvariant();
        if (form.Required("Engine") != "postgres")
        {
            throw AwsException.NotImplemented("rds", $"CreateDBInstance with the engine {form["Engine"]} (postgres is)");
        }

        if (form.Boolean("ManageMasterUserPassword") ?? false)
        {
            throw AwsException.NotImplemented(
                "rds", "CreateDBInstance with ManageMasterUserPassword (DMS cannot use that secret, which has no host or port)");
        }

        var distribution = form["EngineVersion"] is { } version ? distributions.OfVersion(version) : distributions.Default;
        var password = form["MasterUserPassword"] ?? throw new AwsException("InvalidParameterValue", "MasterUserPassword is missing.");
        var parameterGroup = form["DBParameterGroupName"] ?? $"default.postgres{distribution.Major}";
        // Throws when the group does not fit, before anything is created.
        _ = groups.Of(scope, parameterGroup, distribution);
        var subnetGroup = form["DBSubnetGroupName"] is { } subnetGroupName
            ? store[scope].SubnetGroups.GetValueOrDefault(subnetGroupName) ?? throw new AwsException(
                "DBSubnetGroupNotFoundFault", $"DB subnet group '{subnetGroupName}' does not exist.", StatusCodes.Status404NotFound)
            : null;
        var defaults = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, Defaults)
            .SetItem("AvailabilityZone", subnetGroup?.Subnets[0].Zone ?? scope.Region + "a");
        var instance = new DbInstance
        {
            Identifier = identifier,
            Arn = scope.Arn("rds", $"db:{identifier}"),
            Settings = Changed(form, defaults),
            EngineVersion = distribution.Version,
            MasterUsername = form.Required("MasterUsername"),
            DatabaseName = form["DBName"],
            ParameterGroup = parameterGroup,
            SubnetGroup = subnetGroup,
            SecurityGroups = form.List("VpcSecurityGroupIds"),
            LogExports = form.List("EnableCloudwatchLogsExports"),
            Created = clock.GetUtcNow(),
        };
        if (!store[scope].Instances.TryAdd(identifier, instance))
        {
            throw new AwsException("DBInstanceAlreadyExists", $"DB instance already exists: {identifier}");
        }

        store[scope].Tags.Create(instance.Arn, form.Tags());
        life.Create(scope, instance, distribution, password);
        return [Describe(scope, instance)];
    }

    public IEnumerable<XElement> Describe(AwsScope scope, FormParameters form)
    {
        IEnumerable<DbInstance> instances = form["DBInstanceIdentifier"] is { } identifier
            ? [Instance(scope, identifier)]
            : store[scope].Instances.Values;
        foreach (var filter in form.Structures("Filters"))
        {
            var values = filter.List("Values");
            instances = filter.Required("Name") switch
            {
                "dbi-resource-id" => instances.Where(instance => values.Contains(instance.ResourceId)),
                "db-instance-id" => instances.Where(instance => values.Contains(instance.Identifier) || values.Contains(instance.Arn)),
                "engine" => instances.Where(_ => values.Contains("postgres")),
                var name => throw new AwsException("InvalidParameterValue", $"Unrecognized filter name: {name}"),
            };
        }

        return [new XElement("DBInstances", instances.Select(instance => Describe(scope, instance)))];
    }

    public async Task<IEnumerable<XElement>> ModifyAsync(AwsScope scope, FormParameters form, CancellationToken cancellationToken)
    {
        var instance = Instance(scope, form.Required("DBInstanceIdentifier"));
        if (instance.Server is not { } server || instance.Status != DbInstanceStatus.Available)
        {
            throw InvalidState(instance);
        }

        if (form["EngineVersion"] is { } version && distributions.OfVersion(version).Version != instance.EngineVersion)
        {
            throw AwsException.NotImplemented("rds", "ModifyDBInstance to another major engine version");
        }

        if (form["MasterUserPassword"] is { } password)
        {
            await server.SetPasswordAsync(instance.MasterUsername, password, cancellationToken);
        }

        if (form["DBParameterGroupName"] is { } group && group != instance.ParameterGroup)
        {
            var configuration = groups.Of(scope, group, distributions.OfVersion(instance.EngineVersion));
            instance.ParameterGroup = group;
            // Another group comes wholly into force with the next reboot.
            instance.ParameterApplyStatus = "pending-reboot";
            await server.ReloadAsync(configuration, cancellationToken);
        }

        if (form.List("VpcSecurityGroupIds") is { Count: > 0 } securityGroups)
        {
            instance.SecurityGroups = securityGroups;
        }

        instance.Settings = Changed(form, instance.Settings);
        return [Describe(scope, instance)];
    }

    public IEnumerable<XElement> Reboot(AwsScope scope, FormParameters form)
    {
        var instance = Instance(scope, form.Required("DBInstanceIdentifier"));
        if (instance.Server is not { } server || instance.Status != DbInstanceStatus.Available)
        {
            throw InvalidState(instance);
        }

        _ = groups.Of(scope, instance.ParameterGroup, distributions.OfVersion(instance.EngineVersion));
        if (!instance.Become(DbInstanceStatus.Rebooting, from: DbInstanceStatus.Available))
        {
            throw InvalidState(instance);
        }

        life.Reboot(scope, instance, server);
        return [Describe(scope, instance)];
    }

    public IEnumerable<XElement> Delete(AwsScope scope, FormParameters form)
    {
        var instance = Instance(scope, form.Required("DBInstanceIdentifier"));
        if (instance.Settings["DeletionProtection"] == "true")
        {
            throw new AwsException(
                "InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection and try again.");
        }

        if (!(form.Boolean("SkipFinalSnapshot") ?? false))
        {
            throw AwsException.NotImplemented("rds", "DeleteDBInstance with a final snapshot (skip_final_snapshot = true is)");
        }

        if (!instance.BecomeDeleting())
        {
            throw new AwsException("InvalidDBInstanceState", $"Instance {instance.Identifier} is already being deleted.");
        }

        life.Delete(scope, instance);
        return [Describe(scope, instance)];
    }

    public IEnumerable<XElement> DescribeEngineVersions(AwsScope scope, FormParameters form)
    {
        var wanted = form["EngineVersion"];
        var found = form.Boolean("DefaultOnly") ?? false
            ? [distributions.Default]
            : distributions.All.Where(distribution => wanted is null || distribution.Version == wanted || distribution.Major == wanted);
        return
        [
            new XElement("DBEngineVersions", found.Select(distribution => new XElement("DBEngineVersion",
                new XElement("Engine", "postgres"),
                new XElement("EngineVersion", distribution.Version),
                new XElement("MajorEngineVersion", distribution.Major),
                new XElement("DBParameterGroupFamily", "postgres" + distribution.Major),
                new XElement("DBEngineDescription", "PostgreSQL"),
                new XElement("DBEngineVersionDescription", $"PostgreSQL {distribution.Version}"),
                new XElement("Status", "available")))),
        ];
    }

    private static ImmutableSortedDictionary<string, string> Changed(
        FormParameters form, ImmutableSortedDictionary<string, string> settings)
    {
        var given = Defaults.Keys.Concat(Optional).Select(name => (Shown: name, Requested: name))
            .Concat(Renamed.Select(item => (Shown: item.Value, Requested: item.Key)));
        return settings.SetItems(
            given.Where(item => form[item.Requested] is not null).Select(item => KeyValuePair.Create(item.Shown, form[item.Requested]!)));
    }

    private XElement Describe(AwsScope scope, DbInstance instance) =>
        DbInstanceXml.Describe(instance, store[scope].Tags.Find(instance.Arn) ?? ImmutableSortedDictionary<string, string>.Empty);

    private DbInstance Instance(AwsScope scope, string identifier) =>
        store[scope].Instances.GetValueOrDefault(identifier) ?? throw new AwsException(
            "DBInstanceNotFound", $"DBInstance {identifier} not found.", StatusCodes.Status404NotFound);

    private static AwsException InvalidState(DbInstance instance) =>
        new("InvalidDBInstanceState", $"Instance {instance.Identifier} is not currently in the available state (it is {instance.Status}).");
}
