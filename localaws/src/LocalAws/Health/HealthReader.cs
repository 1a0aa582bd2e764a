using LocalAws.Hosting;
using LocalAws.Moto;

namespace LocalAws.Health;

/// <summary>Whether the local AWS can be used, what runs, and what has failed.</summary>
internal sealed class HealthReader(GatewayOptions options, ControlPlane moto, ChildProcesses processes, IEnumerable<IProblemSource> sources)
{
    /// <summary>
    /// <c>starting</c> until the control plane answers, <c>ready</c> while it does, <c>failed</c> with the reason once it has ended. A
    /// resource that failed is a problem of its own; the local AWS is ready all the same.
    /// </summary>
    public IResult Read() => moto.Failure is { } reason
        ? Results.Json(new { status = "failed", port = options.Port, reason }, statusCode: StatusCodes.Status503ServiceUnavailable)
        : moto.IsReady
            ? Results.Json(new
            {
                status = "ready",
                port = options.Port,
                processes = processes.Running.Select(child => new { child.Name, child.Id }),
                problems = sources.SelectMany(source => source.Problems()),
            })
            : Results.Json(new { status = "starting", port = options.Port }, statusCode: StatusCodes.Status503ServiceUnavailable);
}
