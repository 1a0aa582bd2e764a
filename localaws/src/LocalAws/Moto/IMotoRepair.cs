using LocalAws.Routing;

namespace LocalAws.Moto;

/// <summary>Puts right one thing that moto answers differently from AWS and that a client of the pipeline notices.</summary>
internal interface IMotoRepair
{
    /// <summary>The operations whose successful answers pass through here, as <c>service:Operation</c>.</summary>
    IReadOnlyList<string> Operations { get; }

    /// <summary>Returns the body that AWS would have answered with.</summary>
    Task<byte[]> RepairAsync(AwsRequest request, byte[] body);
}
