using LocalAws.Protocols;

namespace LocalAws.Routing;

/// <summary>Finds the service, protocol and operation of a request: by signing name, then target header, then path.</summary>
internal static class OperationNames
{
    /// <summary>Target prefixes of the JSON protocol and the signing names behind them.</summary>
    private static readonly Dictionary<string, string> TargetServices = new(StringComparer.Ordinal)
    {
        ["AmazonDMSv20160101"] = "dms",
        ["AWSGlue"] = "glue",
        ["AmazonAthena"] = "athena",
        ["secretsmanager"] = "secretsmanager",
        ["TrentService"] = "kms",
        ["AmazonSSM"] = "ssm",
        ["Logs_20140328"] = "logs",
        ["AWSEvents"] = "events",
        ["AmazonSQS"] = "sqs",
    };

    /// <summary>Services whose operations are named by a form field.</summary>
    private static readonly HashSet<string> QueryServices = ["rds", "iam", "sts", "sns", "monitoring", "sqs"];

    public static (string Service, WireProtocol Protocol, string Operation) Find(
        HttpRequest request, CredentialScope? credential, ReadOnlySpan<byte> body)
    {
        var target = request.Headers["X-Amz-Target"].ToString();
        if (target.LastIndexOf('.') is var dot and > 0)
        {
            var service = TargetServices.GetValueOrDefault(target[..dot]) ?? credential?.Service ?? target[..dot];
            return (service, WireProtocol.Json, target[(dot + 1)..]);
        }

        var name = credential?.Service ?? (LambdaOperations.IsLambdaPath(request.Path) ? "lambda" : "s3");
        if (name == "lambda")
        {
            return (name, WireProtocol.RestJson, LambdaOperations.Find(request.Method, request.Path));
        }

        if (name == "ec2" || QueryServices.Contains(name))
        {
            var form = HttpMethods.IsGet(request.Method) ? null : FormParameters.Parse(body);
            var operation = form?["Action"] ?? request.Query["Action"].ToString();
            return (name, name == "ec2" ? WireProtocol.Ec2Query : WireProtocol.Query, operation);
        }

        return name == "s3"
            ? (name, WireProtocol.RestXml, S3Operations.Find(request))
            : (name, WireProtocol.RestJson, $"{request.Method} {request.Path}");
    }
}
