using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Ec2;

/// <summary>Finds the subnets that a subnet group names.</summary>
internal sealed class SubnetLookup(MotoClient moto)
{
    /// <exception cref="AwsException">InvalidSubnet: one of them does not exist, or none is named.</exception>
    public async Task<IReadOnlyList<Subnet>> FindAsync(AwsScope scope, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["Action"] = "DescribeSubnets", ["Version"] = "2016-11-15" };
        for (var index = 0; index < ids.Count; index++)
        {
            form[$"SubnetId.{index + 1}"] = ids[index];
        }

        List<Subnet> found = [];
        try
        {
            if (ids.Count > 0)
            {
                // moto answers in the namespace of another API version, so names are compared without it.
                var answer = XElement.Parse(await moto.QueryAsync(scope, "ec2", form, cancellationToken));
                found =
                [
                    .. Named(Named([answer], "subnetSet"), "item").Select(
                        item => new Subnet(Value(item, "subnetId"), Value(item, "availabilityZone"), Value(item, "vpcId")))
                ];
            }
        }
        catch (AwsException)
        {
            // Answered below: the group's API has an error of its own for it.
        }

        return found.Count == ids.Count && ids.Count > 0
            ? found
            : throw new AwsException(
                "InvalidSubnet", $"The requested subnets are invalid: {string.Join(", ", ids)}. One or more do not exist.");
    }

    private static IEnumerable<XElement> Named(IEnumerable<XElement> parents, string name) =>
        parents.Elements().Where(element => element.Name.LocalName == name);

    private static string Value(XElement parent, string name) => Named([parent], name).First().Value;
}
