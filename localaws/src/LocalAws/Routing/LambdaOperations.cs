namespace LocalAws.Routing;

/// <summary>Names of Lambda's operations from method and path (REST, several dated prefixes).</summary>
internal static class LambdaOperations
{
    public static bool IsLambdaPath(PathString path) =>
        path.Value is { } text
            && (text.StartsWith("/2015-03-31/", StringComparison.Ordinal) || text.Contains("/functions/", StringComparison.Ordinal));

    /// <summary>The operation's name, or method and path when there is none.</summary>
    public static string Find(string method, PathString path)
    {
        var parts = (path.Value ?? "").Trim('/').Split('/');
        // parts[0] is the dated prefix; a function's name or ARN is parts[2].
        var shape = string.Join('/', parts.Skip(1).Select((part, index) => index == 1 ? "*" : part));
        return (method, shape) switch
        {
            ("POST", "functions") => "CreateFunction",
            ("GET", "functions") => "ListFunctions",
            ("GET", "functions/*") => "GetFunction",
            ("DELETE", "functions/*") => "DeleteFunction",
            ("GET", "functions/*/configuration") => "GetFunctionConfiguration",
            ("PUT", "functions/*/configuration") => "UpdateFunctionConfiguration",
            ("PUT", "functions/*/code") => "UpdateFunctionCode",
            ("POST", "functions/*/invocations") => "Invoke",
            ("GET", "functions/*/versions") => "ListVersionsByFunction",
            ("POST", "functions/*/policy") => "AddPermission",
            ("GET", "functions/*/policy") => "GetPolicy",
            ("GET", "functions/*/code-signing-config") => "GetFunctionCodeSigningConfig",
            ("GET", "functions/*/concurrency") => "GetFunctionConcurrency",
            ("PUT", "functions/*/concurrency") => "PutFunctionConcurrency",
            ("DELETE", "functions/*/concurrency") => "DeleteFunctionConcurrency",
            ("GET", "functions/*/event-invoke-config") => "GetFunctionEventInvokeConfig",
            ("PUT", "functions/*/event-invoke-config") => "PutFunctionEventInvokeConfig",
            ("POST", "functions/*/event-invoke-config") => "UpdateFunctionEventInvokeConfig",
            ("DELETE", "functions/*/event-invoke-config") => "DeleteFunctionEventInvokeConfig",
            ("POST", "event-source-mappings") => "CreateEventSourceMapping",
            ("GET", "event-source-mappings") => "ListEventSourceMappings",
            ("GET", "event-source-mappings/*") => "GetEventSourceMapping",
            ("PUT", "event-source-mappings/*") => "UpdateEventSourceMapping",
            ("DELETE", "event-source-mappings/*") => "DeleteEventSourceMapping",
            ("GET", "tags/*") => "ListTags",
            ("POST", "tags/*") => "TagResource",
            ("DELETE", "tags/*") => "UntagResource",
            ("DELETE", _) when shape.StartsWith("functions/*/policy/", StringComparison.Ordinal) => "RemovePermission",
            _ => $"{method} {path}",
        };
    }
}
