using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Ec2;

/// <summary>Deletes a VPC with its network ACLs, as EC2 does; moto keeps those of a VPC that is gone.</summary>
internal sealed class VpcDeletionService : AwsService
{
    private const string Version = "2016-11-15";

    private readonly MotoForwarder _forwarder;
    private readonly MotoClient _moto;

    public VpcDeletionService(MotoForwarder forwarder, MotoClient moto)
        : base("ec2")
    {
        (_forwarder, _moto) = (forwarder, moto);
        On("DeleteVpc", HandleAsync);
    }

    private async Task HandleAsync(AwsRequest request)
    {
        using var answer = await _forwarder.SendAsync(request, request.Aborted);
        if (answer.IsSuccessStatusCode)
        {
            foreach (var acl in await AclsAsync(request, FormParameters.Parse(request.Body).Required("VpcId")))
            {
                await DropAssociationsAsync(request, acl);
                await _moto.QueryAsync(
                    request.Scope,
                    "ec2",
                    new Dictionary<string, string> { ["Action"] = "DeleteNetworkAcl", ["Version"] = Version, ["NetworkAclId"] = acl.Id },
                    request.Aborted);
            }
        }

        await MotoForwarder.WriteAsync(request, answer);
    }

    /// <summary>
    /// moto keeps an ACL's associations with subnets that are gone, and refuses to delete it because of them. It has no operation that
    /// removes one, but replacing one by an ACL that does not exist does: it is removed before the new ACL is looked for.
    /// </summary>
    private async Task DropAssociationsAsync(AwsRequest request, NetworkAcl acl)
    {
        foreach (var association in acl.Associations)
        {
            try
            {
                await _moto.QueryAsync(
                    request.Scope,
                    "ec2",
                    new Dictionary<string, string>
                    {
                        ["Action"] = "ReplaceNetworkAclAssociation",
                        ["Version"] = Version,
                        ["AssociationId"] = association,
                        ["NetworkAclId"] = "acl-00000000",
                    },
                    request.Aborted);
            }
            catch (AwsException notFound) when (notFound.Message.Contains("InvalidNetworkAclID.NotFound", StringComparison.Ordinal))
            {
                // Expected: the association is removed before the ACL is looked for.
            }
        }
    }

    private async Task<IReadOnlyList<NetworkAcl>> AclsAsync(AwsRequest request, string vpcId)
    {
        var form = new Dictionary<string, string>
        {
            ["Action"] = "DescribeNetworkAcls",
            ["Version"] = Version,
            ["Filter.1.Name"] = "vpc-id",
            ["Filter.1.Value.1"] = vpcId,
        };
        var document = XElement.Parse(await _moto.QueryAsync(request.Scope, "ec2", form, request.Aborted));
        return
        [
            .. Named(document.Descendants(), "networkAclSet").Elements().Select(item => new NetworkAcl(
                Named(item.Elements(), "networkAclId").First().Value,
                [.. Named(item.Descendants(), "networkAclAssociationId").Select(element => element.Value)])),
        ];
    }

    private static IEnumerable<XElement> Named(IEnumerable<XElement> elements, string name) =>
        elements.Where(element => element.Name.LocalName == name);

    private sealed record NetworkAcl(string Id, IReadOnlyList<string> Associations);
}
