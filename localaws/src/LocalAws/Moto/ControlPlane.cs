using LocalAws.Protocols;

namespace LocalAws.Moto;

/// <summary>Where moto answers, or why it does not.</summary>
internal sealed class ControlPlane
{
    private volatile Uri? _address;
    private volatile string? _failure;

    /// <summary>Whether moto answers.</summary>
    public bool IsReady => _address is not null && _failure is null;

    /// <summary>Why nothing can be answered any more; null while moto starts or answers.</summary>
    public string? Failure => _failure;

    /// <summary>moto's address for a raw path and query, which keeps its escapes and its double slashes.</summary>
    /// <exception cref="AwsException">moto does not answer yet, or no more.</exception>
    public Uri Address(string rawTarget)
    {
        ThrowIfFailed();
        var address = _address ?? throw new AwsException(
            "ServiceUnavailable", "The local AWS is still starting.", StatusCodes.Status503ServiceUnavailable);
        return new Uri(
            address.ToString().TrimEnd('/') + rawTarget, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    /// <exception cref="AwsException">
    /// moto has ended. Not an error of the 500s, which every SDK would try again for minutes: what moto knew is lost and does not come
    /// back.
    /// </exception>
    public void ThrowIfFailed()
    {
        if (_failure is { } reason)
        {
            throw new AwsException("LocalAwsFailure", reason);
        }
    }

    /// <summary>moto answers at this address.</summary>
    public void Answers(Uri address) => _address = address;

    /// <summary>moto has ended, and with it all that it knew.</summary>
    public void Ended(string reason) => _failure = reason;
}
