using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>Lambda's API, as far as Terraform and the pipeline use it; functions of the runtimes provided.*.</summary>
internal sealed class LambdaService(
    FunctionRegistry functions, FunctionInvoker invoker, AsyncInvoker asyncInvoker, MotoClient moto, GatewayOptions options) : IAwsService
{
    private const string LatestVersion = "$LATEST";

    /// <summary>Members of CreateFunction and UpdateFunctionConfiguration that are kept and shown as they are.</summary>
    private static readonly string[] EchoedMembers =
    [
        "Role", "Handler", "Description", "Timeout", "MemorySize", "Environment", "Runtime", "Architectures", "TracingConfig", "EphemeralStorage",
        "LoggingConfig", "DeadLetterConfig", "KMSKeyArn",
    ];

    /// <summary>Members that would change what the function does and that are not carried out here.</summary>
    private static readonly string[] RefusedMembers = ["VpcConfig", "Layers", "FileSystemConfigs", "ImageConfig", "SnapStart"];

    private static readonly HashSet<string> OwnOperations =
    [
        "CreateFunction", "ListFunctions", "GetFunction", "DeleteFunction", "GetFunctionConfiguration", "UpdateFunctionConfiguration", "UpdateFunctionCode", "Invoke",
        "ListVersionsByFunction", "AddPermission", "GetPolicy", "RemovePermission", "GetFunctionCodeSigningConfig", "GetFunctionConcurrency", "PutFunctionConcurrency",
        "DeleteFunctionConcurrency", "GetFunctionEventInvokeConfig", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig",
        "ListTags", "TagResource", "UntagResource",
    ];

    public string SigningName => "lambda";

    public bool Owns(string operation) => OwnOperations.Contains(operation);

    public async Task HandleAsync(AwsRequest request)
    {
        if (request.Operation == "Invoke")
        {
            await InvokeAsync(request);
            return;
        }

        var input = JsonInput.Parse(request.Body);
        var (status, output) = request.Operation switch
        {
            "CreateFunction" => (StatusCodes.Status201Created, await CreateAsync(request, input)),
            "ListFunctions" => (StatusCodes.Status200OK, new JsonObject { ["Functions"] = new JsonArray([.. functions.In(request.Scope).Select(Describe)]) }),
            "UpdateFunctionCode" => (StatusCodes.Status200OK, await UpdateCodeAsync(request, input)),
            "DeleteFunction" => (StatusCodes.Status204NoContent, await DeleteAsync(request)),
            _ => Answer(request, Function(request), input),
        };
        if (status == StatusCodes.Status204NoContent)
        {
            request.Http.Response.StatusCode = status;
            return;
        }

        await JsonResponse.WriteAsync(request.Http, output, "application/json", status);
    }

    private static (int Status, JsonObject? Output) Answer(AwsRequest request, LambdaFunction function, JsonObject input)
    {
        const int Ok = StatusCodes.Status200OK;
        const int NoContent = StatusCodes.Status204NoContent;
        switch (request.Operation)
        {
            case "GetFunction":
                var found = new JsonObject
                {
                    ["Configuration"] = Describe(function),
                    // Without Location: the zip is not kept once it is unpacked, and an address that nothing serves would be a lie.
                    ["Code"] = new JsonObject { ["RepositoryType"] = "S3" },
                    ["Tags"] = TagsOf(function),
                };
                if (function.ReservedConcurrency is { } kept)
                {
                    found["Concurrency"] = new JsonObject { ["ReservedConcurrentExecutions"] = kept };
                }

                return (Ok, found);
            case "GetFunctionConfiguration":
                return (Ok, Describe(function));
            case "UpdateFunctionConfiguration":
                CheckRefused(input);
                Echo(input, function.Configuration);
                function.Changed();
                return (Ok, Describe(function));
            case "ListVersionsByFunction":
                return (Ok, new JsonObject { ["Versions"] = new JsonArray(Describe(function, qualified: true)) });
            case "AddPermission":
                var statement = FunctionPermissions.Statement(function, input);
                if (function.Policy.Contains(input.Required("StatementId")))
                {
                    throw new AwsException(
                        "ResourceConflictException",
                        $"The statement id ({input.Required("StatementId")}) provided already exists. Please provide a new statement id, or remove the existing statement.",
                        StatusCodes.Status409Conflict);
                }

                function.Policy.Add(statement);
                return (StatusCodes.Status201Created, new JsonObject { ["Statement"] = statement.ToJsonString() });
            case "GetPolicy":
                return function.Policy.Statements.Count == 0
                    ? throw NotFound("The resource you requested does not exist.")
                    : (Ok, new JsonObject { ["Policy"] = function.Policy.ToDocument().ToJsonString(), ["RevisionId"] = $"{function.Revision}" });
            case "RemovePermission":
                return function.Policy.Remove(PathPart(request, 4))
                    ? (NoContent, null)
                    : throw NotFound($"Statement {PathPart(request, 4)} is not found in resource policy.");
            case "GetFunctionCodeSigningConfig":
                return (Ok, new JsonObject { ["FunctionName"] = function.Name });
            case "GetFunctionConcurrency":
                return (Ok, function.ReservedConcurrency is { } reserved ? new JsonObject { ["ReservedConcurrentExecutions"] = reserved } : []);
            case "PutFunctionConcurrency":
                function.ReservedConcurrency = input.Integer("ReservedConcurrentExecutions");
                return (Ok, new JsonObject { ["ReservedConcurrentExecutions"] = function.ReservedConcurrency });
            case "DeleteFunctionConcurrency":
                function.ReservedConcurrency = null;
                return (NoContent, null);
            case "GetFunctionEventInvokeConfig":
                return (Ok, (JsonObject?)function.EventInvokeConfig?.DeepClone() ?? throw NotFound($"The function {function.Arn}:$LATEST doesn't have an EventInvokeConfig"));
            case "PutFunctionEventInvokeConfig" or "UpdateFunctionEventInvokeConfig":
                return (Ok, PutEventInvokeConfig(function, input));
            case "DeleteFunctionEventInvokeConfig":
                function.EventInvokeConfig = null;
                return (NoContent, null);
            case "ListTags":
                return (Ok, new JsonObject { ["Tags"] = TagsOf(function) });
            case "TagResource":
                foreach (var (name, value) in (JsonObject)input["Tags"]!)
                {
                    function.Tags[name] = value!.GetValue<string>();
                }

                return (NoContent, null);
            default:
                foreach (var name in request.Http.Request.Query["tagKeys"])
                {
                    function.Tags.Remove(name!);
                }

                return (NoContent, null);
        }
    }

    private async Task<JsonObject> CreateAsync(AwsRequest request, JsonObject input)
    {
        var name = input.Required("FunctionName", "InvalidParameterValueException");
        var runtime = input.Text("Runtime");
        if (runtime is null || !runtime.StartsWith("provided", StringComparison.Ordinal))
        {
            throw AwsException.NotImplemented("lambda", $"CreateFunction with the runtime {runtime ?? "of an image"} (provided.al2 and provided.al2023 are)");
        }

        CheckRefused(input);
        var configuration = new JsonObject { ["Timeout"] = 3, ["MemorySize"] = 128, ["Description"] = "", ["Architectures"] = new JsonArray("x86_64") };
        Echo(input, configuration);
        var function = new LambdaFunction
        {
            Scope = request.Scope,
            Name = name,
            Configuration = configuration,
            Code = FunctionCode.Unpack(
                await ZipAsync(request, (JsonObject)input["Code"]!),
                configuration["Architectures"]![0]!.GetValue<string>(),
                Path.Combine(options.Home, "lambda")),
        };
        foreach (var (key, value) in input["Tags"] as JsonObject ?? [])
        {
            function.Tags[key] = value!.GetValue<string>();
        }

        return functions.Add(function)
            ? Describe(function)
            : throw new AwsException("ResourceConflictException", $"Function already exist: {name}", StatusCodes.Status409Conflict);
    }

    private async Task<JsonObject> UpdateCodeAsync(AwsRequest request, JsonObject input)
    {
        var function = Function(request);
        var architecture = input["Architectures"] is JsonArray { Count: > 0 } given
            ? given[0]!.GetValue<string>()
            : function.Configuration["Architectures"]![0]!.GetValue<string>();
        var code = FunctionCode.Unpack(await ZipAsync(request, input), architecture, Path.Combine(options.Home, "lambda"));
        function.Configuration["Architectures"] = new JsonArray(architecture);
        function.Code = code;
        function.Changed();
        return Describe(function);
    }

    private async Task<JsonObject?> DeleteAsync(AwsRequest request)
    {
        var function = Function(request);
        functions.Remove(function);
        await FunctionInvoker.ForgetAsync(function);
        return null;
    }

    private async Task InvokeAsync(AwsRequest request)
    {
        var function = Function(request);
        var response = request.Http.Response;
        switch (request.Http.Request.Headers["X-Amz-Invocation-Type"].ToString())
        {
            case "Event":
                asyncInvoker.Enqueue(request.Scope, function.Arn, request.Body);
                response.StatusCode = StatusCodes.Status202Accepted;
                return;
            case "DryRun":
                response.StatusCode = StatusCodes.Status204NoContent;
                return;
        }

        var result = await invoker.InvokeAsync(
            function, Guid.NewGuid().ToString(), request.Body.Length == 0 ? "{}"u8.ToArray() : request.Body, request.Aborted);
        response.Headers["X-Amz-Executed-Version"] = LatestVersion;
        if (result.FunctionError is not null)
        {
            response.Headers["X-Amz-Function-Error"] = result.FunctionError;
        }

        response.ContentType = "application/json";
        await response.Body.WriteAsync(result.Payload, request.Aborted);
    }

    private static JsonObject PutEventInvokeConfig(LambdaFunction function, JsonObject input)
    {
        if (input["DestinationConfig"]?["OnFailure"]?["Destination"] is not null || input["DestinationConfig"]?["OnSuccess"]?["Destination"] is not null)
        {
            throw AwsException.NotImplemented("lambda", "PutFunctionEventInvokeConfig with destinations");
        }

        function.EventInvokeConfig = new JsonObject
        {
            ["FunctionArn"] = function.Arn + ":" + LatestVersion,
            ["LastModified"] = JsonInput.Epoch(DateTimeOffset.UtcNow),
            ["MaximumRetryAttempts"] = input["MaximumRetryAttempts"]?.DeepClone(),
            ["MaximumEventAgeInSeconds"] = input["MaximumEventAgeInSeconds"]?.DeepClone(),
            ["DestinationConfig"] = new JsonObject { ["OnFailure"] = new JsonObject(), ["OnSuccess"] = new JsonObject() },
        };
        return (JsonObject)function.EventInvokeConfig.DeepClone();
    }

    private async Task<byte[]> ZipAsync(AwsRequest request, JsonObject code) => code.Text("ZipFile") is { } base64
        ? Convert.FromBase64String(base64)
        : await moto.ObjectAsync(
            request.Scope,
            code.Required("S3Bucket", "InvalidParameterValueException"),
            code.Required("S3Key", "InvalidParameterValueException"),
            request.Aborted);

    private static void CheckRefused(JsonObject input)
    {
        foreach (var member in RefusedMembers)
        {
            var isDefault = input[member] is null or JsonArray { Count: 0 } || IsEmpty(input[member]) || input[member]?["ApplyOn"]?.GetValue<string>() == "None";
            if (!isDefault)
            {
                throw AwsException.NotImplemented("lambda", $"a function with {member}");
            }
        }
    }

    private static bool IsEmpty(JsonNode? node) => node is JsonObject members && members.All(member => member.Value is null or JsonArray { Count: 0 });

    private static void Echo(JsonObject input, JsonObject configuration)
    {
        foreach (var member in EchoedMembers)
        {
            if (input[member] is { } value)
            {
                configuration[member] = value.DeepClone();
            }
        }
    }

    private static JsonObject Describe(LambdaFunction function) => Describe(function, qualified: false);

    private static JsonObject Describe(LambdaFunction function, bool qualified)
    {
        var output = (JsonObject)function.Configuration.DeepClone();
        output["FunctionName"] = function.Name;
        output["FunctionArn"] = qualified ? function.Arn + ":" + LatestVersion : function.Arn;
        output["Version"] = LatestVersion;
        output["PackageType"] = "Zip";
        output["CodeSha256"] = function.Code.Sha256;
        output["CodeSize"] = function.Code.Size;
        output["LastModified"] = function.LastModified.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", System.Globalization.CultureInfo.InvariantCulture);
        output["RevisionId"] = $"{function.Revision}";
        output["State"] = "Active";
        output["LastUpdateStatus"] = "Successful";
        output["TracingConfig"] ??= new JsonObject { ["Mode"] = "PassThrough" };
        output["EphemeralStorage"] ??= new JsonObject { ["Size"] = 512 };
        output["SnapStart"] = new JsonObject { ["ApplyOn"] = "None", ["OptimizationStatus"] = "Off" };
        var logging = (JsonObject)(output["LoggingConfig"] ??= new JsonObject());
        logging["LogFormat"] ??= "Text";
        logging["LogGroup"] ??= function.LogGroup;
        return output;
    }

    private LambdaFunction Function(AwsRequest request)
    {
        var name = PathPart(request, 2);
        return functions.Find(request.Scope, name) ?? throw NotFound($"Function not found: {request.Scope.Arn("lambda", "function:" + name)}");
    }

    private static string PathPart(AwsRequest request, int index) =>
        Uri.UnescapeDataString((request.Http.Request.Path.Value ?? "").Trim('/').Split('/').ElementAtOrDefault(index) ?? "");

    private static JsonObject TagsOf(LambdaFunction function) => new(function.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));

    private static AwsException NotFound(string message) => new("ResourceNotFoundException", message, StatusCodes.Status404NotFound);
}
