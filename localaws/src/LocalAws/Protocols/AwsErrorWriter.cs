using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace LocalAws.Protocols;

/// <summary>Writes an <see cref="AwsException"/> in the form that the protocol's clients parse.</summary>
internal static class AwsErrorWriter
{
    public static Task WriteAsync(HttpContext http, WireProtocol protocol, AwsException error)
    {
        var requestId = Guid.NewGuid().ToString();
        http.Response.StatusCode = error.Status;
        http.Response.Headers["x-amzn-RequestId"] = requestId;
        return protocol switch
        {
            WireProtocol.Json => WriteJsonAsync(http, error, "application/x-amz-json-1.1"),
            WireProtocol.RestJson => WriteJsonAsync(http, error, "application/json"),
            WireProtocol.RestXml => WriteXmlAsync(http, new XElement("Error",
                new XElement("Code", error.Code), new XElement("Message", error.Message), new XElement("RequestId", requestId))),
            WireProtocol.Ec2Query => WriteXmlAsync(http, new XElement("Response",
                new XElement("Errors", new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message))),
                new XElement("RequestID", requestId))),
            _ => WriteXmlAsync(http, new XElement("ErrorResponse",
                new XElement(
                    "Error",
                    new XElement("Type", error.Status < 500 ? "Sender" : "Receiver"),
                    new XElement("Code", error.Code),
                    new XElement("Message", error.Message)),
                new XElement("RequestId", requestId))),
        };
    }

    private static Task WriteJsonAsync(HttpContext http, AwsException error, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.Headers["x-amzn-ErrorType"] = error.Code;
        // DMS reads "message", Lambda "Message": both are given.
        return http.Response.WriteAsync(
            JsonText.Of(
                new JsonObject { ["__type"] = error.Code, ["message"] = error.Message, ["Message"] = error.Message }), http.RequestAborted);
    }

    private static Task WriteXmlAsync(HttpContext http, XElement body)
    {
        http.Response.ContentType = "text/xml";
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.WriteAsync(body.ToString(SaveOptions.DisableFormatting), http.RequestAborted);
    }
}
