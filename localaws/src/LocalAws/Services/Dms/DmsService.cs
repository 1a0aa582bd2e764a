using LocalAws.Protocols;

namespace LocalAws.Services.Dms;

/// <summary>DMS's API (JSON 1.1, target AmazonDMSv20160101), as far as Terraform and the life of a task use it.</summary>
internal sealed class DmsService : JsonService
{
    public DmsService(
        DmsSubnetGroups subnetGroups,
        DmsInstances instances,
        DmsEndpoints endpoints,
        DmsConnections connections,
        DmsTasks tasks,
        DmsTaskLife life,
        DmsTableStatistics statistics,
        DmsTableReloads reloads,
        DmsTags tags)
        : base("dms")
    {
        On("CreateReplicationSubnetGroup", subnetGroups.CreateAsync);
        On("ModifyReplicationSubnetGroup", subnetGroups.ModifyAsync);
        On("DescribeReplicationSubnetGroups", subnetGroups.Describe);
        On("DeleteReplicationSubnetGroup", subnetGroups.Delete);
        On("CreateReplicationInstance", instances.Create);
        On("ModifyReplicationInstance", instances.Modify);
        On("DescribeReplicationInstances", instances.Describe);
        On("DeleteReplicationInstance", instances.Delete);
        On("CreateEndpoint", endpoints.Create);
        On("ModifyEndpoint", endpoints.Modify);
        On("DescribeEndpoints", endpoints.Describe);
        On("DeleteEndpoint", endpoints.Delete);
        On("TestConnection", connections.Test);
        On("DescribeConnections", connections.Describe);
        On("DeleteConnection", connections.Delete);
        On("CreateReplicationTask", tasks.Create);
        On("ModifyReplicationTask", tasks.Modify);
        On("DescribeReplicationTasks", tasks.Describe);
        On("StartReplicationTask", life.StartAsync);
        On("StopReplicationTask", (scope, input, _) => life.StopAsync(scope, input));
        On("DeleteReplicationTask", life.Delete);
        On("DescribeTableStatistics", statistics.Describe);
        On("ReloadTables", reloads.Reload);
        On("ListTagsForResource", tags.List);
        On("AddTagsToResource", tags.Add);
        On("RemoveTagsFromResource", tags.Remove);
    }
}
