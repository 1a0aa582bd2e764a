using System.Xml.Linq;

namespace LocalAws.Protocols;

/// <summary>Writes answers of S3's protocol.</summary>
internal static class XmlResponse
{
    public static Task WriteAsync(HttpContext http, XElement body)
    {
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(body.ToString(SaveOptions.DisableFormatting), http.RequestAborted);
    }
}
