using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>Tags of instances and groups.</summary>
internal sealed class DbTagOperations(ScopedStore<RdsState> store)
{
    public IEnumerable<XElement> List(AwsScope scope, FormParameters form) =>
        [new XElement("TagList", Tags(scope, form).Select(tag => new XElement("Tag", new XElement("Key", tag.Key), new XElement("Value", tag.Value))))];

    public IEnumerable<XElement> Add(AwsScope scope, FormParameters form)
    {
        var tags = Tags(scope, form);
        foreach (var (name, value) in form.Tags())
        {
            tags[name] = value;
        }

        return [];
    }

    public IEnumerable<XElement> Remove(AwsScope scope, FormParameters form)
    {
        var tags = Tags(scope, form);
        foreach (var name in form.List("TagKeys"))
        {
            tags.Remove(name);
        }

        return [];
    }

    private Dictionary<string, string> Tags(AwsScope scope, FormParameters form)
    {
        var arn = form.Required("ResourceName");
        var state = store[scope];
        return state.Instances.Values.FirstOrDefault(instance => instance.Arn == arn)?.Tags
            ?? state.Tags.GetValueOrDefault(arn)
            ?? throw new AwsException("InvalidParameterValue", $"The resource {arn} does not exist.");
    }
}
