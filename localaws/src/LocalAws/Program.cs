using LocalAws;
using LocalAws.Health;
using LocalAws.Hosting;
using LocalAws.Inventory;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Athena;
using LocalAws.Services.Dms;
using LocalAws.Services.Ec2;
using LocalAws.Services.Glue;
using LocalAws.Services.Lambda;
using LocalAws.Services.Logs;
using LocalAws.Services.Rds;
using LocalAws.Services.S3;

GatewayOptions options;
try
{
    options = GatewayOptions.Parse(args);
}
catch (Exception wrong) when (wrong is ArgumentException or FormatException)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

Directory.CreateDirectory(options.Home);
FileStream ownership;
try
{
    // Held until this process ends, however it ends: what is listed in the folder is a leftover only when nobody else holds it.
    ownership = new FileStream(Path.Combine(options.Home, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
catch (IOException)
{
    await Console.Error.WriteLineAsync($"A local AWS already runs in {options.Home}. Stop it, or choose another --home.");
    return 3;
}

await using var owned = ownership;
using var startLogging = LoggerFactory.Create(ConfigureLogging);
var clock = TimeProvider.System;
var processes = new ChildProcesses(options, clock, startLogging.CreateLogger<ChildProcesses>());
processes.ClearLeftovers();
// A gateway that was killed may have left a part of an upload.
Directory.Delete(ObjectWriteService.UploadFolder(options), recursive: true);
if (!Ports.IsFree(options.Port))
{
    await Console.Error.WriteLineAsync($"Port {options.Port} is in use. Stop what listens on it, or choose another port.");
    return 3;
}

var builder = WebApplication.CreateSlimBuilder();
ConfigureLogging(builder.Logging);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(System.Net.IPAddress.Loopback, options.Port);
    // No limit: an object may have gigabytes.
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.AddServerHeader = false;
});

var services = builder.Services;
services.AddSingleton(options).AddSingleton(clock).AddSingleton(processes);
services.AddSingleton<ControlPlane>()
    .AddSingleton<MotoServer>()
    .AddSingleton<MotoClient>()
    .AddSingleton<MotoForwarder>()
    .AddSingleton<OperationTable>()
    .AddSingleton<RequestRouter>()
    .AddSingleton<InventoryReader>()
    .AddSingleton<HealthReader>()
    .AddSingleton<SubnetLookup>()
    .AddSingleton<IAwsService, VpcDeletionService>()
    .AddSingleton<IAwsService, SecurityGroupRuleService>();
services.AddSingleton<LogWriter>().AddHostedService(provider => provider.GetRequiredService<LogWriter>());

services.AddSingleton<BucketRegistry>().AddSingleton<Sequencer>().AddSingleton<IObjectEvents, NotificationDispatcher>();
services.AddSingleton<BucketCheck>()
    .AddSingleton<IAwsService, BucketPolicyService>()
    .AddSingleton<IAwsService, BucketNotificationService>()
    .AddSingleton<IAwsService, ObjectWriteService>()
    .AddSingleton<IAwsService, BucketDeletionService>();

services.AddSingleton<FunctionRegistry>()
    .AddSingleton<IFunctionInvoker, FunctionInvoker>()
    .AddSingleton<AsyncInvoker>()
    .AddHostedService(provider => provider.GetRequiredService<AsyncInvoker>())
    .AddSingleton<FunctionOperations>()
    .AddSingleton<FunctionSettingOperations>()
    .AddSingleton<FunctionPermissionOperations>()
    .AddSingleton<InvocationOperations>()
    .AddSingleton<IAwsService, LambdaService>();

services.AddSingleton<ScopedStore<GlueState>>().AddSingleton<SparkDefaults>().AddSingleton<SparkRunFolder>().AddSingleton<GlueJobRunner>();
services.AddSingleton<GlueJobs>()
    .AddSingleton<GlueRuns>()
    .AddSingleton<GlueTags>()
    .AddSingleton<IAwsService, GlueJobService>()
    .AddSingleton<IAwsService, GlueCatalogService>()
    .AddSingleton<IAwsService, GlueDatabaseService>();

services.AddSingleton<ScopedStore<AthenaState>>()
    .AddSingleton<AthenaEngine>()
    .AddSingleton<QueryRunner>()
    .AddSingleton<QueryOperations>()
    .AddSingleton<WorkGroupOperations>()
    .AddSingleton<IAwsService, AthenaService>();

services.AddSingleton<ScopedStore<RdsState>>()
    .AddSingleton<PostgresDistributions>()
    .AddSingleton<GroupSettings>()
    .AddSingleton<DbEvents>()
    .AddSingleton<DbInstanceLife>()
    .AddSingleton<DbInstanceOperations>()
    .AddSingleton<DbGroupOperations>()
    .AddSingleton<DbTagOperations>();
services.AddSingleton<IAwsService, RdsService>();
services.AddSingleton<IProblemSource>(provider => provider.GetRequiredService<DbInstanceLife>());

services.AddSingleton<ScopedStore<DmsState>>()
    .AddSingleton<DmsSubnetGroups>()
    .AddSingleton<DmsInstances>()
    .AddSingleton<DmsEndpoints>()
    .AddSingleton<DmsConnections>()
    .AddSingleton<DmsTaskRunner>()
    .AddSingleton<DmsTasks>()
    .AddSingleton<DmsTaskLife>()
    .AddSingleton<DmsTableStatistics>()
    .AddSingleton<DmsTags>();
services.AddSingleton<IAwsService, DmsService>().AddSingleton<IProblemSource>(provider => provider.GetRequiredService<DmsTaskLife>());

var app = builder.Build();
app.MapGet("/_localaws/health", (HealthReader health) => health.Read());
app.MapGet(
    "/_localaws/operations",
    (OperationTable operations) => operations.All()
        .GroupBy(item => item.Service, StringComparer.Ordinal)
        .ToDictionary(service => service.Key, service => new
        {
            gateway = service.Where(item => item.IsOwn).Select(item => item.Operation),
            moto = service.Where(item => !item.IsOwn).Select(item => item.Operation),
        }));
app.MapGet(
    "/_localaws/inventory",
    async (InventoryReader inventory, HttpContext http) =>
        await JsonResponse.WriteAsync(
            http,
            await inventory.ReadAsync(
                new AwsScope(
                    http.Request.Query["account"].FirstOrDefault() ?? AwsScope.DefaultAccountId,
                    http.Request.Query["region"].FirstOrDefault() ?? options.DefaultRegion),
                http.RequestAborted),
            "application/json"));
app.MapFallback("{**path}", (HttpContext http, RequestRouter router) => router.HandleAsync(http));

try
{
    // The port first: while moto starts, any program of this machine may be given it.
    await app.StartAsync();
    await app.Services.GetRequiredService<MotoServer>().StartAsync(app.Lifetime.ApplicationStopping);
    app.Logger.LogInformation("The local AWS answers on {Endpoint}", options.EndpointUrl);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
{
    // Stopped while it started.
    return 0;
}
finally
{
    await processes.StopAllAsync();
}

static void ConfigureLogging(ILoggingBuilder logging) => logging
    .SetMinimumLevel(LogLevel.Information)
    .AddFilter("Microsoft", LogLevel.Warning)
    .AddFilter("System", LogLevel.Warning)
    .AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss.fff ";
        console.UseUtcTimestamp = true;
    });
