namespace LocalAws.Routing;

/// <summary>The account and region that a request belongs to; resources of two scopes never meet.</summary>
/// <param name="AccountId">Twelve digits: the access key itself when it is twelve digits, else 123456789012.</param>
/// <param name="Region">For example <c>us-east-1</c>.</param>
internal sealed record AwsScope(string AccountId, string Region)
{
    /// <summary>The account of an access key that is not itself an account id (moto's own default).</summary>
    public const string DefaultAccountId = "123456789012";

    /// <summary>Builds an ARN in this scope, e.g. <c>arn:aws:dms:us-east-1:123456789012:task:ABC</c>.</summary>
    public string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{AccountId}:{resource}";
}
