using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>Databases are moto's, their tags are kept here: moto takes them and forgets them.</summary>
internal sealed class GlueDatabaseService : AwsService
{
    private readonly MotoForwarder _forwarder;
    private readonly ScopedStore<GlueState> _store;

    public GlueDatabaseService(MotoForwarder forwarder, ScopedStore<GlueState> store)
        : base("glue")
    {
        (_forwarder, _store) = (forwarder, store);
        On("CreateDatabase", HandleAsync);
        On("DeleteDatabase", HandleAsync);
    }

    private async Task HandleAsync(AwsRequest request)
    {
        var input = JsonInput.Parse(request.Body);
        using var answer = await _forwarder.SendAsync(request, request.Aborted);
        if (answer.IsSuccessStatusCode)
        {
            var tags = _store[request.Scope].Tags;
            if (request.Operation == "CreateDatabase")
            {
                tags.Create(Arn(request, ((JsonObject)input["DatabaseInput"]!).Required("Name")), input.TagMap());
            }
            else
            {
                tags.Forget(Arn(request, input.Required("Name")));
            }
        }

        await MotoForwarder.WriteAsync(request, answer);
    }

    private static string Arn(AwsRequest request, string name) => request.Scope.Arn("glue", $"database/{name}");
}
