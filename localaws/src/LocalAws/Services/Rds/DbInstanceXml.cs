using System.Xml.Linq;

namespace LocalAws.Services.Rds;

/// <summary>The DBInstance structure of the API.</summary>
internal static class DbInstanceXml
{
    public static XElement Describe(DbInstance instance, IReadOnlyDictionary<string, string> tags)
    {
        var settings = instance.Settings;
        XElement Setting(string name) => new(name, settings[name]);
        var element = new XElement("DBInstance",
            new XElement("DBInstanceIdentifier", instance.Identifier),
            new XElement("DBInstanceArn", instance.Arn),
            new XElement("DbiResourceId", instance.ResourceId),
            new XElement("DBInstanceStatus", instance.Status),
            new XElement("Engine", "postgres"),
            new XElement("EngineVersion", instance.EngineVersion),
            new XElement("MasterUsername", instance.MasterUsername),
            new XElement(
                "InstanceCreateTime",
                instance.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)),
            settings.Keys.Select(Setting),
            new XElement("DBParameterGroups", new XElement("DBParameterGroup",
                new XElement("DBParameterGroupName", instance.ParameterGroup),
                new XElement("ParameterApplyStatus", instance.ParameterApplyStatus))),
            new XElement("VpcSecurityGroups", instance.SecurityGroups.Select(group => new XElement("VpcSecurityGroupMembership",
                new XElement("VpcSecurityGroupId", group), new XElement("Status", "active")))),
            new XElement("OptionGroupMemberships", new XElement("OptionGroupMembership",
                new XElement("OptionGroupName", $"default:postgres-{instance.EngineVersion.Split('.')[0]}"),
                new XElement("Status", "in-sync"))),
            new XElement("EnabledCloudwatchLogsExports", instance.LogExports.Select(export => new XElement("member", export))),
            new XElement("PendingModifiedValues"),
            new XElement("ReadReplicaDBInstanceIdentifiers"),
            new XElement("DBSecurityGroups"),
            new XElement("DomainMemberships"),
            Tags(tags));
        if (instance.FailureReason is { } reason)
        {
            element.Add(new XElement("StatusInfos", new XElement("DBInstanceStatusInfo",
                new XElement("StatusType", "instance"),
                new XElement("Normal", "false"),
                new XElement("Status", instance.Status),
                new XElement("Message", reason))));
        }

        if (instance.DatabaseName is { } database)
        {
            element.Add(new XElement("DBName", database));
        }

        if (instance.SubnetGroup is { } group)
        {
            element.Add(SubnetGroup(group));
        }

        // While an instance is being created AWS shows no endpoint.
        if (instance.Port is { } port && instance.Status != DbInstanceStatus.Creating)
        {
            element.Add(new XElement("Endpoint",
                new XElement("Address", "127.0.0.1"), new XElement("Port", port), new XElement("HostedZoneId", "ZLOCAL")));
        }

        return element;
    }

    public static XElement Tags(IReadOnlyDictionary<string, string> tags) => new(
        "TagList", tags.Select(tag => new XElement("Tag", new XElement("Key", tag.Key), new XElement("Value", tag.Value))));

    public static XElement SubnetGroup(SubnetGroup group) => new("DBSubnetGroup",
        new XElement("DBSubnetGroupName", group.Name),
        new XElement("DBSubnetGroupDescription", group.Description),
        new XElement("DBSubnetGroupArn", group.Arn),
        new XElement("VpcId", group.VpcId),
        new XElement("SubnetGroupStatus", "Complete"),
        new XElement("Subnets", group.Subnets.Select(subnet => new XElement("Subnet",
            new XElement("SubnetIdentifier", subnet.Id),
            new XElement("SubnetStatus", "Active"),
            new XElement("SubnetAvailabilityZone", new XElement("Name", subnet.Zone))))),
        new XElement("SupportedNetworkTypes", new XElement("member", "IPV4")));

    public static XElement ParameterGroup(ParameterGroup group) => new("DBParameterGroup",
        new XElement("DBParameterGroupName", group.Name),
        new XElement("DBParameterGroupFamily", group.Family),
        new XElement("Description", group.Description),
        new XElement("DBParameterGroupArn", group.Arn));
}
