using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>Tags of instances and groups.</summary>
internal sealed class DbTagOperations(ScopedStore<RdsState> store)
{
    public IEnumerable<XElement> List(AwsScope scope, FormParameters form) =>
        [DbInstanceXml.Tags(store[scope].Tags.Find(Arn(form)) ?? throw NotFound(form))];

    public IEnumerable<XElement> Add(AwsScope scope, FormParameters form) =>
        store[scope].Tags.Add(Arn(form), form.Tags()) ? [] : throw NotFound(form);

    public IEnumerable<XElement> Remove(AwsScope scope, FormParameters form) =>
        store[scope].Tags.Remove(Arn(form), form.List("TagKeys")) ? [] : throw NotFound(form);

    private static string Arn(FormParameters form) => form.Required("ResourceName");

    private static AwsException NotFound(FormParameters form) => new("InvalidParameterValue", $"The resource {Arn(form)} does not exist.");
}
