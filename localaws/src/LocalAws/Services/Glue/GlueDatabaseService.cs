using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>Databases are moto's, their tags are kept here: moto takes them and forgets them.</summary>
internal sealed class GlueDatabaseService(MotoForwarder forwarder, ScopedStore<GlueState> store) : IAwsService
{
    public string SigningName => "glue";

    public bool Owns(string operation) => operation is "CreateDatabase" or "DeleteDatabase";

    public async Task HandleAsync(AwsRequest request)
    {
        var input = JsonInput.Parse(request.Body);
        using var answer = await forwarder.SendAsync(request, request.Aborted);
        if (answer.IsSuccessStatusCode)
        {
            var tags = store[request.Scope].DatabaseTags;
            if (request.Operation == "CreateDatabase")
            {
                tags[((JsonObject)input["DatabaseInput"]!).Required("Name")] = (input["Tags"] as JsonObject ?? []).ToDictionary(
                    tag => tag.Key, tag => tag.Value!.GetValue<string>(), StringComparer.Ordinal);
            }
            else
            {
                tags.TryRemove(input.Required("Name"), out _);
            }
        }

        await forwarder.WriteAsync(request, answer);
    }
}
