using LocalAws.Moto;
using LocalAws.Protocols;

namespace LocalAws.Routing;

/// <summary>Who answers what: each operation of each service by the gateway, by moto, or by 501 with its name.</summary>
internal sealed class OperationTable
{
    private readonly Dictionary<(string Service, string Operation), OperationHandler> _own = [];
    private readonly OperationHandler _moto;

    /// <exception cref="ArgumentException">Two services carry out the same operation.</exception>
    public OperationTable(IEnumerable<IAwsService> services, MotoForwarder moto)
    {
        _moto = moto.ForwardAsync;
        foreach (var service in services)
        {
            foreach (var (operation, handler) in service.Operations)
            {
                _own.Add((service.SigningName, operation), handler);
            }
        }
    }

    /// <exception cref="AwsException">NotImplemented, with the operation's name.</exception>
    public OperationHandler Find(string service, string operation) =>
        _own.GetValueOrDefault((service, operation))
        ?? (MotoOperations.Allows(service, operation) ? _moto : throw AwsException.NotImplemented(service, operation));

    /// <summary>All that is answered, by service and then by name.</summary>
    public IEnumerable<(string Service, string Operation, bool IsOwn)> All() => _own.Keys
        .Select(item => (item.Service, item.Operation, IsOwn: true))
        .Concat(MotoOperations.All
            .Where(item => !_own.ContainsKey((item.Service, item.Operation)))
            .Select(item => (item.Service, item.Operation, IsOwn: false)))
        .OrderBy(item => item.Service, StringComparer.Ordinal)
        .ThenBy(item => item.Operation, StringComparer.Ordinal);
}
