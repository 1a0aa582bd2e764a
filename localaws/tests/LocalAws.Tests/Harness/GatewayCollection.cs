namespace LocalAws.Tests.Harness;

/// <summary>One gateway for all tests that only talk to it.</summary>
[CollectionDefinition(Name)]
public sealed class GatewayCollection : ICollectionFixture<SharedGateway>
{
    public const string Name = "gateway";
}
