using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>
/// The catalog's optimistic lock. moto accepts an UpdateTable whatever its VersionId; Glue refuses a stale one, and Iceberg's safety
/// against two writers rests on that.
/// </summary>
internal sealed class GlueCatalogService : AwsService
{
    private readonly KeyGates _tables = new();

    private readonly MotoForwarder _forwarder;
    private readonly MotoClient _moto;

    public GlueCatalogService(MotoForwarder forwarder, MotoClient moto)
        : base("glue")
    {
        (_forwarder, _moto) = (forwarder, moto);
        On("UpdateTable", HandleAsync);
    }

    private async Task HandleAsync(AwsRequest request)
    {
        var input = JsonInput.Parse(request.Body);
        var database = input.Required("DatabaseName");
        var table = (input["TableInput"] as JsonObject)?.Required("Name") ?? throw new AwsException(
            "InvalidInputException", "The request must contain TableInput.");
        using (await _tables.EnterAsync([$"{request.Scope}/{database}/{table}"], request.Aborted))
        {
            if (input.Text("VersionId") is { } expected)
            {
                var found = await _moto.JsonAsync(
                    request.Scope,
                    "glue",
                    "AWSGlue.GetTable",
                    new JsonObject { ["DatabaseName"] = database, ["Name"] = table },
                    request.Aborted);
                var current = found["Table"]?["VersionId"]?.GetValue<string>();
                if (current != expected)
                {
                    throw new AwsException(
                        "ConcurrentModificationException",
                        $"Update table failed due to concurrent modifications: {database}.{table} is at version {current}, the update was "
                        + $"made from {expected}.");
                }
            }

            await _forwarder.ForwardAsync(request);
        }
    }
}
