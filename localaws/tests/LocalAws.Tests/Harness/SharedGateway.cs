namespace LocalAws.Tests.Harness;

/// <summary>The gateway that a collection of tests shares.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    public Gateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await Gateway.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
