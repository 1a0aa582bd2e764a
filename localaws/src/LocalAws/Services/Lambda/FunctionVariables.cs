namespace LocalAws.Services.Lambda;

/// <summary>The environment of a function's process.</summary>
internal static class FunctionVariables
{
    /// <summary>
    /// The environment of provided.al2023, recorded on AWS 2026-01-13; nothing of the gateway's own environment is in it.
    /// </summary>
    public static Dictionary<string, string?> Of(
        LambdaFunction function, FunctionVersion version, string logStream, int port, string endpoint)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AWS_ACCESS_KEY_ID"] = function.Scope.AccountId,
            ["AWS_SECRET_ACCESS_KEY"] = "local",
            ["AWS_SESSION_TOKEN"] = "local",
            ["AWS_REGION"] = function.Scope.Region,
            ["AWS_DEFAULT_REGION"] = function.Scope.Region,
            ["AWS_LAMBDA_FUNCTION_NAME"] = function.Name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = FunctionDescription.LatestVersion,
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = $"{version.MemorySize}",
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = function.LogGroup,
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = logStream,
            ["AWS_LAMBDA_RUNTIME_API"] = $"127.0.0.1:{port}",
            ["AWS_ENDPOINT_URL"] = endpoint,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["LAMBDA_RUNTIME_DIR"] = "/var/runtime",
            ["LAMBDA_TASK_ROOT"] = version.Code.Folder,
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["LD_LIBRARY_PATH"] = "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            ["PATH"] = "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            ["_HANDLER"] = version.Handler,
        };
        foreach (var (name, value) in version.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }
}
