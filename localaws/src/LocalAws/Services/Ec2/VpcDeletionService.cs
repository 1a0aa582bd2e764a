using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Ec2;

/// <summary>Deletes a VPC with its network ACLs, as EC2 does; moto keeps those of a VPC that is gone.</summary>
public sealed class VpcDeletionService(MotoForwarder forwarder, MotoClient moto) : IAwsService
{
    private const string Version = "2016-11-15";

    public string SigningName => "ec2";

    public bool Owns(string operation) => operation is "DeleteVpc";

    public async Task HandleAsync(AwsRequest request)
    {
        using var answer = await forwarder.SendAsync(request);
        if (answer.IsSuccessStatusCode)
        {
            foreach (var acl in await AclsAsync(request, FormParameters.Parse(request.Body).Required("VpcId")))
            {
                await moto.QueryAsync(request.Scope, "ec2", new Dictionary<string, string> { ["Action"] = "DeleteNetworkAcl", ["Version"] = Version, ["NetworkAclId"] = acl }, request.Aborted);
            }
        }

        await forwarder.WriteAsync(request, answer);
    }

    private async Task<IReadOnlyList<string>> AclsAsync(AwsRequest request, string vpcId)
    {
        var form = new Dictionary<string, string> { ["Action"] = "DescribeNetworkAcls", ["Version"] = Version, ["Filter.1.Name"] = "vpc-id", ["Filter.1.Value.1"] = vpcId };
        var document = XElement.Parse(await moto.QueryAsync(request.Scope, "ec2", form, request.Aborted));
        return [.. document.Descendants().Where(element => element.Name.LocalName == "networkAclId").Select(element => element.Value).Distinct()];
    }
}
