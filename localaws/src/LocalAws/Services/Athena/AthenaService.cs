using LocalAws.Protocols;

namespace LocalAws.Services.Athena;

/// <summary>Athena's API for queries and work groups.</summary>
internal sealed class AthenaService : JsonService
{
    public AthenaService(QueryOperations queries, WorkGroupOperations workGroups)
        : base("athena")
    {
        On("StartQueryExecution", queries.Start);
        On("GetQueryExecution", queries.Get);
        On("GetQueryResults", queries.Results);
        On("StopQueryExecution", queries.Stop);
        On("ListQueryExecutions", queries.List);
        On("CreateWorkGroup", workGroups.Create);
        On("GetWorkGroup", workGroups.Get);
        On("UpdateWorkGroup", workGroups.Update);
        On("DeleteWorkGroup", workGroups.Delete);
        On("ListWorkGroups", workGroups.List);
        On("ListTagsForResource", workGroups.Tags);
        On("TagResource", workGroups.Tag);
        On("UntagResource", workGroups.Untag);
    }
}
