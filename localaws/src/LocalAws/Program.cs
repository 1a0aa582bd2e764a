using LocalAws;
using LocalAws.Hosting;
using LocalAws.Moto;
using LocalAws.Routing;
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

builder.Services.AddSingleton(options).AddSingleton(clock).AddSingleton(processes).AddGateway();

var app = builder.Build();
app.MapOwnAddresses(options);
app.MapFallback("{**path}", (HttpContext http, RequestRouter router) => router.HandleAsync(http));

try
{
    // The port first: while moto starts, any program of this machine may be given it.
    await app.StartAsync();
    // Made now, so that two services with one operation end the start and not the first request.
    _ = app.Services.GetRequiredService<OperationTable>();
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
