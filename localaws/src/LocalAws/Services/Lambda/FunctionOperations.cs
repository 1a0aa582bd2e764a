using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>Functions: their code and their configuration.</summary>
internal sealed class FunctionOperations(FunctionRegistry functions, MotoClient moto, GatewayOptions options, TimeProvider clock)
{
    /// <summary>Members of CreateFunction and UpdateFunctionConfiguration that are kept and shown as they are.</summary>
    private static readonly string[] EchoedMembers =
    [
        "Role", "Handler", "Description", "Timeout", "MemorySize", "Environment", "Runtime", "Architectures", "TracingConfig",
        "EphemeralStorage",
        "LoggingConfig", "DeadLetterConfig", "KMSKeyArn",
    ];

    /// <summary>Members that would change what the function does and that are not carried out here.</summary>
    private static readonly string[] RefusedMembers = ["VpcConfig", "Layers", "FileSystemConfigs", "ImageConfig", "SnapStart"];

    public async Task<JsonObject?> CreateAsync(AwsRequest request, JsonObject input)
    {
        var name = input.Required("FunctionName", "InvalidParameterValueException");
        var runtime = input.Text("Runtime");
        if (runtime is null || !runtime.StartsWith("provided", StringComparison.Ordinal))
        {
            throw AwsException.NotImplemented(
                "lambda", $"CreateFunction with the runtime {runtime ?? "of an image"} (provided.al2 and provided.al2023 are)");
        }

        CheckRefused(input);
        var configuration = new JsonObject
        {
            ["Timeout"] = 3,
            ["MemorySize"] = 128,
            ["Description"] = "",
            ["Architectures"] = new JsonArray("x86_64"),
        };
        Echo(input, configuration);
        var code = FunctionCode.Unpack(
            await ZipAsync(request, (JsonObject)input["Code"]!),
            configuration["Architectures"]![0]!.GetValue<string>(),
            Path.Combine(options.Home, "lambda"));
        var function = new LambdaFunction(request.Scope, name, configuration, code, clock.GetUtcNow());
        return functions.Add(function, input.TagMap())
            ? FunctionDescription.Of(function)
            : throw new AwsException("ResourceConflictException", $"Function already exist: {name}", StatusCodes.Status409Conflict);
    }

    public JsonObject List(AwsRequest request, JsonObject input) => new()
    {
        ["Functions"] = new JsonArray([.. functions.In(request.Scope).Select(function => FunctionDescription.Of(function))]),
    };

    public JsonObject Get(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        var output = new JsonObject
        {
            ["Configuration"] = FunctionDescription.Of(function),
            // Without Location: the zip is not kept once it is unpacked.
            ["Code"] = new JsonObject { ["RepositoryType"] = "S3" },
            ["Tags"] = TagJson.Map(functions.Tags.Find(function.Arn) ?? new Dictionary<string, string>()),
        };
        if (function.ReservedConcurrency is { } reserved)
        {
            output["Concurrency"] = new JsonObject { ["ReservedConcurrentExecutions"] = reserved };
        }

        return output;
    }

    public JsonObject GetConfiguration(AwsRequest request, JsonObject input) => FunctionDescription.Of(functions.Named(request));

    public JsonObject ListVersions(AwsRequest request, JsonObject input) =>
        new() { ["Versions"] = new JsonArray(FunctionDescription.Of(functions.Named(request), qualified: true)) };

    public JsonObject UpdateConfiguration(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        CheckRefused(input);
        function.Change(configuration => Echo(input, configuration), null, clock.GetUtcNow());
        return FunctionDescription.Of(function);
    }

    public async Task<JsonObject?> UpdateCodeAsync(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        var architecture = input["Architectures"] is JsonArray { Count: > 0 } given
            ? given[0]!.GetValue<string>()
            : function.Current.Architecture;
        var code = FunctionCode.Unpack(await ZipAsync(request, input), architecture, Path.Combine(options.Home, "lambda"));
        function.Change(configuration => configuration["Architectures"] = new JsonArray(architecture), code, clock.GetUtcNow());
        return FunctionDescription.Of(function);
    }

    public async Task<JsonObject?> DeleteAsync(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        functions.Remove(function);
        await FunctionInvoker.ForgetAsync(function);
        return null;
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
            var isDefault = input[member] is null or JsonArray { Count: 0 } || IsEmpty(input[member])
                || input[member]?["ApplyOn"]?.GetValue<string>() == "None";
            if (!isDefault)
            {
                throw AwsException.NotImplemented("lambda", $"a function with {member}");
            }
        }
    }

    private static bool IsEmpty(JsonNode? node) =>
        node is JsonObject members && members.All(member => member.Value is null or JsonArray { Count: 0 });

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
}
