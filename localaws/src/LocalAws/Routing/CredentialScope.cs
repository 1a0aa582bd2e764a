namespace LocalAws.Routing;

/// <summary>The credential scope of a signed request: <c>AKID/date/region/service/aws4_request</c>.</summary>
internal sealed record CredentialScope(string AccessKeyId, string Region, string Service)
{
    /// <summary>
    /// Finds the scope in the Authorization header or, for a presigned URL, in the query; null when the request is not signed with SigV4.
    /// </summary>
    public static CredentialScope? Find(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        var start = authorization.IndexOf("Credential=", StringComparison.Ordinal);
        var credential = authorization.StartsWith("AWS4-", StringComparison.Ordinal) && start >= 0
            ? authorization[(start + "Credential=".Length)..].Split(',', 2)[0]
            : request.Query["X-Amz-Credential"].ToString();
        var parts = credential.Split('/');
        // An access key may itself hold a slash in some emulators; the last four parts are fixed.
        return parts.Length >= 5 ? new CredentialScope(string.Join('/', parts[..^4]), parts[^3], parts[^2]) : null;
    }

    public AwsScope ToScope() =>
        new(AccessKeyId.Length == 12 && AccessKeyId.All(char.IsAsciiDigit) ? AccessKeyId : AwsScope.DefaultAccountId, Region);
}
