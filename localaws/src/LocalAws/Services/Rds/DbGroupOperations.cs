using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Ec2;

namespace LocalAws.Services.Rds;

/// <summary>Subnet groups and parameter groups.</summary>
internal sealed class DbGroupOperations(ScopedStore<RdsState> store, PostgresDistributions distributions, SubnetLookup subnets)
{
    public async Task<IEnumerable<XElement>> CreateSubnetGroupAsync(
        AwsScope scope, FormParameters form, CancellationToken cancellationToken)
    {
        var name = form.Required("DBSubnetGroupName").ToLowerInvariant();
        var arn = scope.Arn("rds", $"subgrp:{name}");
        var group = await ResolveAsync(
            scope,
            new SubnetGroup(name, form.Required("DBSubnetGroupDescription"), arn, "", []),
            form.List("SubnetIds"),
            cancellationToken);
        if (!store[scope].SubnetGroups.TryAdd(name, group))
        {
            throw new AwsException("DBSubnetGroupAlreadyExists", $"The DB subnet group '{name}' already exists.");
        }

        store[scope].Tags.Create(arn, form.Tags());
        return [DbInstanceXml.SubnetGroup(group)];
    }

    public async Task<IEnumerable<XElement>> ModifySubnetGroupAsync(
        AwsScope scope, FormParameters form, CancellationToken cancellationToken)
    {
        var group = SubnetGroup(scope, form.Required("DBSubnetGroupName"));
        var changed = await ResolveAsync(
            scope,
            group with { Description = form["DBSubnetGroupDescription"] ?? group.Description },
            form.List("SubnetIds"),
            cancellationToken);
        store[scope].SubnetGroups[group.Name] = changed;
        return [DbInstanceXml.SubnetGroup(changed)];
    }

    public IEnumerable<XElement> DescribeSubnetGroups(AwsScope scope, FormParameters form)
    {
        var groups = form["DBSubnetGroupName"] is { } name ? [SubnetGroup(scope, name)] : store[scope].SubnetGroups.Values.ToList();
        return [new XElement("DBSubnetGroups", groups.Select(DbInstanceXml.SubnetGroup))];
    }

    public IEnumerable<XElement> DeleteSubnetGroup(AwsScope scope, FormParameters form)
    {
        var group = SubnetGroup(scope, form.Required("DBSubnetGroupName"));
        if (store[scope].Instances.Values.Any(instance => instance.SubnetGroup?.Name == group.Name))
        {
            throw new AwsException(
                "InvalidDBSubnetGroupStateFault",
                $"Cannot delete the subnet group '{group.Name}' because at least one database instance is still using it.");
        }

        store[scope].SubnetGroups.TryRemove(group.Name, out _);
        store[scope].Tags.Forget(group.Arn);
        return [];
    }

    public IEnumerable<XElement> CreateParameterGroup(AwsScope scope, FormParameters form)
    {
        var name = form.Required("DBParameterGroupName").ToLowerInvariant();
        var family = form.Required("DBParameterGroupFamily");
        _ = distributions.OfFamily(family);
        var group = new ParameterGroup
        {
            Name = name,
            Family = family,
            Description = form.Required("Description"),
            Arn = scope.Arn("rds", $"pg:{name}"),
        };
        if (!store[scope].ParameterGroups.TryAdd(name, group))
        {
            throw new AwsException("DBParameterGroupAlreadyExists", $"Parameter group {name} already exists");
        }

        store[scope].Tags.Create(group.Arn, form.Tags());
        return [DbInstanceXml.ParameterGroup(group)];
    }

    public IEnumerable<XElement> DescribeParameterGroups(AwsScope scope, FormParameters form)
    {
        var groups = form["DBParameterGroupName"] is { } name
            ? [ParameterGroup(scope, name)]
            : store[scope].ParameterGroups.Values.ToList();
        return [new XElement("DBParameterGroups", groups.Select(DbInstanceXml.ParameterGroup))];
    }

    /// <summary>What the user set; the engine's defaults are not listed.</summary>
    public IEnumerable<XElement> DescribeParameters(AwsScope scope, FormParameters form)
    {
        var group = ParameterGroup(scope, form.Required("DBParameterGroupName"));
        var catalog = distributions.OfFamily(group.Family).Parameters;
        var shown = form["Source"] is null or "user" ? group.Parameters.ToList() : [];
        return
        [
            new XElement("Parameters", shown.Select(item => new XElement("Parameter",
                new XElement("ParameterName", item.Key),
                new XElement("ParameterValue", item.Value.Value),
                new XElement("ApplyMethod", item.Value.ApplyMethod),
                new XElement("ApplyType", catalog.IsStatic(item.Key) ? "static" : "dynamic"),
                new XElement("Source", "user"),
                new XElement("IsModifiable", "true")))),
        ];
    }

    public async Task<IEnumerable<XElement>> ModifyParameterGroupAsync(
        AwsScope scope, FormParameters form, CancellationToken cancellationToken)
    {
        var group = ParameterGroup(scope, form.Required("DBParameterGroupName"));
        var catalog = distributions.OfFamily(group.Family).Parameters;
        var changed = group.Parameters.ToBuilder();
        foreach (var parameter in form.Structures("Parameters"))
        {
            var name = parameter.Required("ParameterName");
            var method = parameter["ApplyMethod"] ?? "immediate";
            if (!catalog.Exists(name))
            {
                throw new AwsException("InvalidParameterValue", $"Could not find parameter with name: {name}");
            }

            if (method == "immediate" && catalog.IsStatic(name))
            {
                throw new AwsException("InvalidParameterCombination", $"cannot use immediate apply method for static parameter ({name})");
            }

            var value = parameter["ParameterValue"] ?? "";
            if (!ParameterCatalog.Accepts(name, value))
            {
                throw new AwsException("InvalidParameterValue", $"Invalid parameter value: {value} for: {name} allowed values are: 0, 1");
            }

            changed[name] = (value, method);
        }

        group.Parameters = changed.ToImmutable();
        await ApplyAsync(scope, group, cancellationToken);
        return [new XElement("DBParameterGroupName", group.Name)];
    }

    public async Task<IEnumerable<XElement>> ResetParameterGroupAsync(
        AwsScope scope, FormParameters form, CancellationToken cancellationToken)
    {
        var group = ParameterGroup(scope, form.Required("DBParameterGroupName"));
        group.Parameters = form.Boolean("ResetAllParameters") ?? false
            ? group.Parameters.Clear()
            : group.Parameters.RemoveRange(form.Structures("Parameters").Select(parameter => parameter.Required("ParameterName")));

        await ApplyAsync(scope, group, cancellationToken);
        return [new XElement("DBParameterGroupName", group.Name)];
    }

    public IEnumerable<XElement> DeleteParameterGroup(AwsScope scope, FormParameters form)
    {
        var group = ParameterGroup(scope, form.Required("DBParameterGroupName"));
        if (store[scope].Instances.Values.Any(instance => instance.ParameterGroup == group.Name))
        {
            throw new AwsException(
                "InvalidDBParameterGroupState",
                $"One or more database instances are still members of this parameter group {group.Name}, so the group cannot be deleted");
        }

        store[scope].ParameterGroups.TryRemove(group.Name, out _);
        store[scope].Tags.Forget(group.Arn);
        return [];
    }

    /// <summary>
    /// Dynamic parameters reach the running servers at once; a static one waits for the reboot, which nobody but the user orders.
    /// </summary>
    private async Task ApplyAsync(AwsScope scope, ParameterGroup group, CancellationToken cancellationToken)
    {
        var anyStatic = group.Parameters.Any(item => item.Value.ApplyMethod == "pending-reboot");
        foreach (var instance in store[scope].Instances.Values.Where(instance => instance.ParameterGroup == group.Name))
        {
            if (anyStatic)
            {
                instance.ParameterApplyStatus = "pending-reboot";
            }

            // A server that is down reads them when it starts.
            if (instance is { Server: { } server, Status: DbInstanceStatus.Available })
            {
                // PostgreSQL itself keeps a changed static parameter pending until its restart.
                await server.ReloadAsync(ServerSettings.Of(group.Values, instance.EngineVersion.Split('.')[0]), cancellationToken);
            }
        }
    }

    private async Task<SubnetGroup> ResolveAsync(
        AwsScope scope, SubnetGroup group, IReadOnlyList<string> subnetIds, CancellationToken cancellationToken)
    {
        var found = await subnets.FindAsync(scope, subnetIds, cancellationToken);
        return group with { VpcId = found[0].VpcId, Subnets = found };
    }

    private SubnetGroup SubnetGroup(AwsScope scope, string name) =>
        store[scope].SubnetGroups.GetValueOrDefault(name) ?? throw new AwsException(
            "DBSubnetGroupNotFoundFault", $"DB subnet group '{name}' does not exist.", StatusCodes.Status404NotFound);

    private ParameterGroup ParameterGroup(AwsScope scope, string name) =>
        store[scope].ParameterGroups.GetValueOrDefault(name) ?? throw new AwsException(
            "DBParameterGroupNotFound", $"DBParameterGroup not found: {name}", StatusCodes.Status404NotFound);
}
