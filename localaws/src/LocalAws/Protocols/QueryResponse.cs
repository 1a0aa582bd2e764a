using System.Xml.Linq;

namespace LocalAws.Protocols;

/// <summary>The envelope of a query-protocol answer.</summary>
internal static class QueryResponse
{
    /// <summary>Writes <c>&lt;XResponse&gt;&lt;XResult&gt;…</c> for operation X.</summary>
    public static Task WriteAsync(HttpContext http, string xmlNamespace, string operation, IEnumerable<XElement> result)
    {
        var body = new XElement(operation + "Response",
            new XElement(operation + "Result", result),
            new XElement("ResponseMetadata", new XElement("RequestId", Guid.NewGuid().ToString())));
        SetNamespace(body, xmlNamespace);
        http.Response.ContentType = "text/xml";
        return http.Response.WriteAsync(body.ToString(SaveOptions.DisableFormatting), http.RequestAborted);
    }

    private static void SetNamespace(XElement element, XNamespace xmlNamespace)
    {
        element.Name = xmlNamespace + element.Name.LocalName;
        foreach (var child in element.Elements())
        {
            SetNamespace(child, xmlNamespace);
        }
    }
}
