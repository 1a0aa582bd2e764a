namespace LocalAws.Parquet.Tests.Reading;

/// <summary>A column: its schema element and all its values.</summary>
public sealed class LeafColumn(ThriftStruct schema)
{
    public ThriftStruct Schema { get; } = schema;

    public string Name => Schema.Text(4);

    public PhysicalType Type => (PhysicalType)Schema.Integer(1);

    public bool Required => Schema.Integer(3) == 0;

    public List<object?> Values { get; } = [];

    public IEnumerable<string?> Texts => Values.Select(value => value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : value?.ToString());
}
