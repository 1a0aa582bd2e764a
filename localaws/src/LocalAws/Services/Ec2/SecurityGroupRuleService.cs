using System.Collections.Concurrent;
using System.Text;
using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Ec2;

/// <summary>
/// moto forgets the description of a security-group rule that names a group or a prefix list; Terraform then plans it for ever.
/// </summary>
internal sealed class SecurityGroupRuleService : AwsService
{
    private const string Describe = "DescribeSecurityGroupRules";

    /// <summary>Members of a permission that carry a description.</summary>
    private static readonly string[] Ranges = ["IpRanges", "Ipv6Ranges", "Groups", "PrefixListIds"];

    private readonly ConcurrentDictionary<string, string> _descriptions = new(StringComparer.Ordinal);

    private readonly MotoForwarder _forwarder;

    public SecurityGroupRuleService(MotoForwarder forwarder)
        : base("ec2")
    {
        _forwarder = forwarder;
        On("AuthorizeSecurityGroupIngress", HandleAsync);
        On("AuthorizeSecurityGroupEgress", HandleAsync);
        On(Describe, HandleAsync);
    }

    private async Task HandleAsync(AwsRequest request)
    {
        using var answer = await _forwarder.SendAsync(request, request.Aborted);
        var body = answer.IsSuccessStatusCode ? Repaired(request, await answer.Content.ReadAsStringAsync(request.Aborted)) : null;
        await MotoForwarder.WriteAsync(request, answer, body);
    }

    private byte[] Repaired(AwsRequest request, string answer)
    {
        var document = XElement.Parse(answer);
        var rules = document.Descendants().Where(element => Child(element, "securityGroupRuleId") is not null).ToList();
        if (request.Operation != Describe)
        {
            Remember(FormParameters.Parse(request.Body), rules);
        }

        foreach (var rule in rules)
        {
            if (_descriptions.TryGetValue(Child(rule, "securityGroupRuleId")!.Value, out var description))
            {
                Child(rule, "description")?.Remove();
                rule.Add(new XElement(rule.Name.Namespace + "description", description));
            }
        }

        return Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting));
    }

    /// <summary>The rules come back in the order of the request's permissions.</summary>
    private void Remember(FormParameters form, List<XElement> rules)
    {
        var descriptions = form.Structures("IpPermissions", nested: true)
            .SelectMany(
                permission => Ranges.SelectMany(range => permission.Structures(range, nested: true).Select(item => item["Description"])))
            .ToList();
        foreach (var (rule, description) in rules.Zip(descriptions))
        {
            if (description is not null)
            {
                _descriptions[Child(rule, "securityGroupRuleId")!.Value] = description;
            }
        }
    }

    private static XElement? Child(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name);
}
