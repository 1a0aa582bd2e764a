using System.Xml.Linq;
using LocalAws.Routing;

namespace LocalAws.Protocols;

/// <summary>A service of the query protocol: each operation from a form to the elements of its result.</summary>
internal abstract class QueryService(string signingName, string xmlNamespace) : AwsService(signingName)
{
    protected void On(string operation, Func<AwsScope, FormParameters, CancellationToken, Task<IEnumerable<XElement>>> handler) => On(
        operation,
        async request =>
        {
            var result = await handler(request.Scope, FormParameters.Parse(request.Body), request.Aborted);
            await QueryResponse.WriteAsync(request.Http, xmlNamespace, request.Operation, result);
        });

    protected void On(string operation, Func<AwsScope, FormParameters, IEnumerable<XElement>> handler) =>
        On(operation, (scope, form, _) => Task.FromResult(handler(scope, form)));
}
