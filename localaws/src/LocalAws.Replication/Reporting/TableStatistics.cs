using LocalAws.Replication.Messages;

namespace LocalAws.Replication.Reporting;

/// <summary>What the API tells of a table.</summary>
internal sealed class TableStatistics(string schema, string table, Reporter reporter)
{
    private readonly Lock _lock = new();
    private TableMessage _current = new() { Schema = schema, Table = table, State = TableStates.BeforeLoad };
    private bool _dirty = true;

    public string State => Current.State;

    public TableMessage Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Changes the state and says so at once.</summary>
    public void SetState(string state, Func<TableMessage, TableMessage>? change = null)
    {
        Update(current => (change?.Invoke(current) ?? current) with { State = state });
        SendIfChanged();
    }

    public void Update(Func<TableMessage, TableMessage> change)
    {
        lock (_lock)
        {
            _current = change(_current) with { LastUpdate = reporter.Now };
            _dirty = true;
        }
    }

    public void SendIfChanged()
    {
        TableMessage message;
        lock (_lock)
        {
            if (!_dirty)
            {
                return;
            }

            _dirty = false;
            message = _current;
        }

        reporter.Send(message);
    }
}
