using LocalAws.Health;
using LocalAws.Inventory;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws;

/// <summary>What the local AWS says of itself, below a path that no bucket can have.</summary>
internal static class OwnAddresses
{
    public static void MapOwnAddresses(this WebApplication app, GatewayOptions options)
    {
        app.MapGet("/_localaws/health", (HealthReader health) => health.Read());
        app.MapGet("/_localaws/operations", (OperationTable operations) => operations.All()
            .GroupBy(item => item.Service, StringComparer.Ordinal)
            .ToDictionary(service => service.Key, service => new
            {
                gateway = service.Where(item => item.IsOwn).Select(item => item.Operation),
                moto = service.Where(item => !item.IsOwn).Select(item => item.Operation),
            }));
        app.MapGet("/_localaws/inventory", async (InventoryReader inventory, HttpContext http) =>
        {
            var scope = new AwsScope(
                http.Request.Query["account"].FirstOrDefault() ?? AwsScope.DefaultAccountId,
                http.Request.Query["region"].FirstOrDefault() ?? options.DefaultRegion);
            await JsonResponse.WriteAsync(http, await inventory.ReadAsync(scope, http.RequestAborted), "application/json");
        });
    }
}
