using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LocalAws.Services.Rds;

/// <summary>The certificate of an instance, by an authority of its own whose key nobody keeps.</summary>
/// <param name="Authority">The authority's certificate (PEM): what a client verifies by.</param>
/// <param name="Certificate">The server's certificate (PEM).</param>
/// <param name="Key">The server's private key (PEM).</param>
internal sealed record ServerCertificate(string Authority, string Certificate, string Key)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>Makes a certificate for 127.0.0.1 and localhost.</summary>
    public static ServerCertificate Make(string identifier, DateTimeOffset now)
    {
        // Clocks of client and server differ a little.
        var from = now.AddHours(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN=Local AWS RDS {identifier} CA", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false));
        using var authority = authorityRequest.CreateSelfSigned(from, from + Life);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var certificate = request.Create(authority, from, from + Life, RandomNumberGenerator.GetBytes(16));
        return new ServerCertificate(authority.ExportCertificatePem(), certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
