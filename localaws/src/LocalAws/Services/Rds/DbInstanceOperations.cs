using System.Xml.Linq;
using LocalAws.Hosting;
using LocalAws.Postgres;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>DB instances: each a real PostgreSQL server, in the states that clients wait for.</summary>
internal sealed class DbInstanceOperations(
    ScopedStore<RdsState> store, PostgresDistributions distributions, ChildProcesses processes, GatewayOptions options, ILogger<DbInstanceOperations> logger)
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

    private static readonly string[] Optional = ["Iops", "KmsKeyId", "MaxAllocatedStorage", "MonitoringRoleArn", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod"];

    public IEnumerable<XElement> Create(AwsScope scope, FormParameters form)
    {
        var identifier = form.Required("DBInstanceIdentifier").ToLowerInvariant();
        if (form.Required("Engine") != "postgres")
        {
            throw AwsException.NotImplemented("rds", $"CreateDBInstance with the engine {form["Engine"]} (postgres is)");
        }

        if (form.Boolean("ManageMasterUserPassword") ?? false)
        {
            throw AwsException.NotImplemented("rds", "CreateDBInstance with ManageMasterUserPassword (DMS cannot use that secret, which has no host or port)");
        }

        var distribution = form["EngineVersion"] is { } version ? distributions.OfVersion(version) : distributions.Default;
        var password = form["MasterUserPassword"] ?? throw new AwsException("InvalidParameterValue", "MasterUserPassword is missing.");
        var parameterGroup = form["DBParameterGroupName"] ?? $"default.postgres{distribution.Major}";
        var configuration = Configuration(scope, parameterGroup, distribution);
        var subnetGroup = form["DBSubnetGroupName"] is { } subnetGroupName
            ? store[scope].SubnetGroups.GetValueOrDefault(subnetGroupName) ?? throw new AwsException(
                "DBSubnetGroupNotFoundFault", $"DB subnet group '{subnetGroupName}' does not exist.", StatusCodes.Status404NotFound)
            : null;
        var settings = new SortedDictionary<string, string>(Defaults, StringComparer.Ordinal) { ["AvailabilityZone"] = subnetGroup?.Subnets[0].Zone ?? scope.Region + "a" };
        Apply(form, settings);
        var instance = new DbInstance
        {
            Identifier = identifier,
            Arn = scope.Arn("rds", $"db:{identifier}"),
            Settings = settings,
            EngineVersion = distribution.Version,
            MasterUsername = form.Required("MasterUsername"),
            DatabaseName = form["DBName"],
            ParameterGroup = parameterGroup,
            SubnetGroup = subnetGroup,
            SecurityGroups = form.List("VpcSecurityGroupIds"),
            LogExports = form.List("EnableCloudwatchLogsExports"),
            Tags = form.Tags().ToDictionary(StringComparer.Ordinal),
        };
        if (!store[scope].Instances.TryAdd(identifier, instance))
        {
            throw new AwsException("DBInstanceAlreadyExists", $"DB instance already exists: {identifier}");
        }

        Background(instance, async () =>
        {
            var server = await PostgresServer.CreateAsync(distribution, processes, options, identifier, configuration, CancellationToken.None);
            try
            {
                await server.CreateMasterUserAsync(instance.MasterUsername, password, instance.DatabaseName, CancellationToken.None);
            }
            catch
            {
                await server.DeleteAsync();
                throw;
            }

            instance.Server = server;
            instance.Port = server.Port;
            instance.Status = "available";
        });
        return [DbInstanceXml.Describe(instance)];
    }

    public IEnumerable<XElement> Describe(AwsScope scope, FormParameters form)
    {
        IEnumerable<DbInstance> instances = form["DBInstanceIdentifier"] is { } identifier ? [Instance(scope, identifier)] : store[scope].Instances.Values;
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

        return [new XElement("DBInstances", instances.Select(DbInstanceXml.Describe))];
    }

    public async Task<IEnumerable<XElement>> ModifyAsync(AwsScope scope, FormParameters form, CancellationToken cancellationToken)
    {
        var instance = Instance(scope, form.Required("DBInstanceIdentifier"));
        if (instance.Server is not { } server)
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
            var configuration = Configuration(scope, group, distributions.OfVersion(instance.EngineVersion));
            instance.ParameterGroup = group;
            // Another group comes wholly into force with the next reboot.
            instance.ParameterApplyStatus = "pending-reboot";
            await server.ReloadAsync(configuration, cancellationToken);
        }

        if (form.List("VpcSecurityGroupIds") is { Count: > 0 } groups)
        {
            instance.SecurityGroups = groups;
        }

        Apply(form, instance.Settings);
        return [DbInstanceXml.Describe(instance)];
    }

    public IEnumerable<XElement> Reboot(AwsScope scope, FormParameters form)
    {
        var instance = Instance(scope, form.Required("DBInstanceIdentifier"));
        if (instance.Server is not { } server || instance.Status != "available")
        {
            throw InvalidState(instance);
        }

        var configuration = Configuration(scope, instance.ParameterGroup, distributions.OfVersion(instance.EngineVersion));
        instance.Status = "rebooting";
        Background(instance, async () =>
        {
            await server.StopAsync();
            await server.StartAsync(configuration, CancellationToken.None);
            instance.ParameterApplyStatus = "in-sync";
            instance.Status = "available";
        });
        return [DbInstanceXml.Describe(instance)];
    }

    public IEnumerable<XElement> Delete(AwsScope scope, FormParameters form)
    {
        var instance = Instance(scope, form.Required("DBInstanceIdentifier"));
        if (instance.Settings["DeletionProtection"] == "true")
        {
            throw new AwsException("InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection and try again.");
        }

        if (!(form.Boolean("SkipFinalSnapshot") ?? false))
        {
            throw AwsException.NotImplemented("rds", "DeleteDBInstance with a final snapshot (skip_final_snapshot = true is)");
        }

        instance.Status = "deleting";
        Background(instance, async () =>
        {
            if (instance.Server is { } server)
            {
                await server.DeleteAsync();
            }

            store[scope].Instances.TryRemove(instance.Identifier, out _);
        });
        return [DbInstanceXml.Describe(instance)];
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

    private ServerSettings Configuration(AwsScope scope, string groupName, PostgresDistribution distribution)
    {
        if (groupName == $"default.postgres{distribution.Major}")
        {
            return ServerSettings.Of(new Dictionary<string, string>(), distribution.Major);
        }

        var group = store[scope].ParameterGroups.GetValueOrDefault(groupName) ?? throw new AwsException(
            "DBParameterGroupNotFound", $"DBParameterGroup not found: {groupName}", StatusCodes.Status404NotFound);
        if (group.Family != "postgres" + distribution.Major)
        {
            throw new AwsException(
                "InvalidParameterCombination",
                $"The Parameter Group {groupName} with DBParameterGroupFamily {group.Family} cannot be used for this instance. Please use a Parameter Group with DBParameterGroupFamily postgres{distribution.Major}");
        }

        var parameters = group.Values;
        foreach (var library in (parameters.GetValueOrDefault("shared_preload_libraries") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!distribution.HasLibrary(library))
            {
                throw new AwsException(
                    "InvalidParameterValue",
                    $"shared_preload_libraries of {groupName} names {library}, which the PostgreSQL {distribution.Version} of this machine does not have.");
            }
        }

        return ServerSettings.Of(parameters, distribution.Major);
    }

    private static void Apply(FormParameters form, SortedDictionary<string, string> settings)
    {
        foreach (var name in Defaults.Keys.Concat(Optional))
        {
            if (form[name] is { } value)
            {
                settings[name] = value;
            }
        }

        foreach (var (request, shown) in Renamed)
        {
            if (form[request] is { } value)
            {
                settings[shown] = value;
            }
        }
    }

    private void Background(DbInstance instance, Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "DB instance {Identifier} failed while it was {Status}", instance.Identifier, instance.Status);
            instance.Status = "failed";
        }
    });

    private DbInstance Instance(AwsScope scope, string identifier) =>
        store[scope].Instances.GetValueOrDefault(identifier) ?? throw new AwsException(
            "DBInstanceNotFound", $"DBInstance {identifier} not found.", StatusCodes.Status404NotFound);

    private static AwsException InvalidState(DbInstance instance) =>
        new("InvalidDBInstanceState", $"Instance {instance.Identifier} is not currently in the available state (it is {instance.Status}).");
}
