using LocalAws.Protocols;

namespace LocalAws.Services.Rds;

/// <summary>RDS's API (query protocol, version 2014-10-31): instances and their events, subnet groups, parameter groups, tags.</summary>
internal sealed class RdsService : QueryService
{
    public RdsService(DbInstanceOperations instances, DbEvents events, DbGroupOperations groups, DbTagOperations tags)
        : base("rds", "http://rds.amazonaws.com/doc/2014-10-31/")
    {
        On("CreateDBInstance", instances.Create);
        On("DescribeDBInstances", instances.Describe);
        On("ModifyDBInstance", instances.ModifyAsync);
        On("RebootDBInstance", instances.Reboot);
        On("DeleteDBInstance", instances.Delete);
        On("DescribeDBEngineVersions", instances.DescribeEngineVersions);
        On("DescribeEvents", events.Describe);
        On("CreateDBSubnetGroup", groups.CreateSubnetGroupAsync);
        On("ModifyDBSubnetGroup", groups.ModifySubnetGroupAsync);
        On("DescribeDBSubnetGroups", groups.DescribeSubnetGroups);
        On("DeleteDBSubnetGroup", groups.DeleteSubnetGroup);
        On("CreateDBParameterGroup", groups.CreateParameterGroup);
        On("DescribeDBParameterGroups", groups.DescribeParameterGroups);
        On("DescribeDBParameters", groups.DescribeParameters);
        On("ModifyDBParameterGroup", groups.ModifyParameterGroupAsync);
        On("ResetDBParameterGroup", groups.ResetParameterGroupAsync);
        On("DeleteDBParameterGroup", groups.DeleteParameterGroup);
        On("ListTagsForResource", tags.List);
        On("AddTagsToResource", tags.Add);
        On("RemoveTagsFromResource", tags.Remove);
    }
}
