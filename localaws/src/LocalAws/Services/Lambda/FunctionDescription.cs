using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Lambda;

/// <summary>The <c>FunctionConfiguration</c> structure.</summary>
internal static class FunctionDescription
{
    /// <summary>The only version that functions have here.</summary>
    public const string LatestVersion = "$LATEST";

    /// <param name="function">What is described.</param>
    /// <param name="qualified">Whether the ARN names the version.</param>
    public static JsonObject Of(LambdaFunction function, bool qualified = false)
    {
        var version = function.Current;
        var output = (JsonObject)version.Configuration.DeepClone();
        output["FunctionName"] = function.Name;
        output["FunctionArn"] = qualified ? $"{function.Arn}:{LatestVersion}" : function.Arn;
        output["Version"] = LatestVersion;
        output["PackageType"] = "Zip";
        output["CodeSha256"] = version.Code.Sha256;
        output["CodeSize"] = version.Code.Size;
        output["LastModified"] = version.LastModified.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
        output["RevisionId"] = $"{version.Revision}";
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
}
