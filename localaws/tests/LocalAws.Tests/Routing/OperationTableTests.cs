using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Tests.Routing;

public sealed class OperationTableTests
{
    private readonly MotoForwarder _moto = new(new ControlPlane());

    [Fact]
    public void An_operation_is_the_gateways_or_motos_or_is_refused_with_its_name()
    {
        OperationHandler own = _ => Task.CompletedTask;
        var table = new OperationTable([new Service("glue", ("UpdateTable", own))], _moto);

        table.Find("glue", "UpdateTable").Should().BeSameAs(own);
        table.Find("glue", "GetTable").Should().NotBeSameAs(own);
        var finding = () => table.Find("glue", "CreateCrawler");
        finding.Should().Throw<AwsException>().WithMessage("*glue:CreateCrawler*").Which.Status.Should().Be(501);
    }

    [Fact]
    public void Two_services_cannot_have_one_operation()
    {
        OperationHandler own = _ => Task.CompletedTask;
        var making = () => new OperationTable([new Service("s3", ("PutObject", own)), new Service("s3", ("PutObject", own))], _moto);

        making.Should().Throw<ArgumentException>();
    }

    private sealed class Service : AwsService
    {
        public Service(string name, params (string Operation, OperationHandler Handler)[] operations)
            : base(name)
        {
            foreach (var (operation, handler) in operations)
            {
                On(operation, handler);
            }
        }
    }
}
