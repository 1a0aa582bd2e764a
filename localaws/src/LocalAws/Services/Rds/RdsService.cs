using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>RDS's API (query protocol, version 2014-10-31): instances, subnet groups, parameter groups, tags.</summary>
internal sealed class RdsService : IAwsService
{
    private const string XmlNamespace = "http://rds.amazonaws.com/doc/2014-10-31/";

    private delegate Task<IEnumerable<XElement>> Operation(AwsScope scope, FormParameters form, CancellationToken cancellationToken);

    private readonly Dictionary<string, Operation> _operations;

    public RdsService(DbInstanceOperations instances, DbGroupOperations groups, DbTagOperations tags, DbEvents events)
    {
        _operations = new Dictionary<string, Operation>(StringComparer.Ordinal)
        {
            ["CreateDBInstance"] = Immediate(instances.Create),
            ["DescribeDBInstances"] = Immediate(instances.Describe),
            ["ModifyDBInstance"] = instances.ModifyAsync,
            ["RebootDBInstance"] = Immediate(instances.Reboot),
            ["DeleteDBInstance"] = Immediate(instances.Delete),
            ["DescribeDBEngineVersions"] = Immediate(instances.DescribeEngineVersions),
            ["CreateDBSubnetGroup"] = groups.CreateSubnetGroupAsync,
            ["ModifyDBSubnetGroup"] = groups.ModifySubnetGroupAsync,
            ["DescribeDBSubnetGroups"] = Immediate(groups.DescribeSubnetGroups),
            ["DeleteDBSubnetGroup"] = Immediate(groups.DeleteSubnetGroup),
            ["CreateDBParameterGroup"] = Immediate(groups.CreateParameterGroup),
            ["DescribeDBParameterGroups"] = Immediate(groups.DescribeParameterGroups),
            ["DescribeDBParameters"] = Immediate(groups.DescribeParameters),
            ["ModifyDBParameterGroup"] = groups.ModifyParameterGroupAsync,
            ["ResetDBParameterGroup"] = groups.ResetParameterGroupAsync,
            ["DeleteDBParameterGroup"] = Immediate(groups.DeleteParameterGroup),
            ["DescribeEvents"] = Immediate(events.Describe),
            ["ListTagsForResource"] = Immediate(tags.List),
            ["AddTagsToResource"] = Immediate(tags.Add),
            ["RemoveTagsFromResource"] = Immediate(tags.Remove),
        };
    }

    public string SigningName => "rds";

    public bool Owns(string operation) => _operations.ContainsKey(operation);

    public async Task HandleAsync(AwsRequest request)
    {
        var result = await _operations[request.Operation](request.Scope, FormParameters.Parse(request.Body), request.Aborted);
        await QueryResponse.WriteAsync(request.Http, XmlNamespace, request.Operation, result);
    }

    private static Operation Immediate(Func<AwsScope, FormParameters, IEnumerable<XElement>> operation) =>
        (scope, form, _) => Task.FromResult(operation(scope, form));
}
