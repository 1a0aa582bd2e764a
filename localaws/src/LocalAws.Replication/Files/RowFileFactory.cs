using System.Text;
using LocalAws.Parquet;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>Opens files in the staging folder, in the format and with the settings of the endpoint.</summary>
internal sealed class RowFileFactory(S3TargetSettings target, TaskSettings task, ValueIssues issues, string folder)
{
    private readonly ParquetWriterOptions _parquet = new()
    {
        Version = target.ParquetVersion2 ? ParquetVersion.Version2 : ParquetVersion.Version1,
        Encoding = target.EncodingType switch
        {
            "plain" => EncodingType.Plain,
            "plain-dictionary" => EncodingType.PlainDictionary,
            _ => EncodingType.RleDictionary,
        },
        Compression = target.Gzip ? CompressionCodec.Gzip : CompressionCodec.Uncompressed,
        DictionaryPageSizeLimit = target.DictPageSizeLimit,
        DataPageSize = target.DataPageSize,
        RowGroupLength = target.RowGroupLength,
        Statistics = target.EnableStatistics,
    };

    private readonly StagingMemory _memory = new();
    private long _number;

    /// <summary>What object names end with.</summary>
    public string Extension => target.Parquet ? ".parquet" : target.Gzip ? ".csv.gz" : ".csv";

    /// <summary>Opens a file for a table's load or changes.</summary>
    public RowFile Open(OutputSchema schema, bool isLoad)
    {
        var path = Path.Combine(folder, $"{Interlocked.Increment(ref _number):D10}.part");
        var columns = isLoad ? schema.Load : schema.Changes;
        if (!target.Parquet)
        {
            var nullValue = Encoding.UTF8.GetBytes(target.CsvNullValue);
            return new CsvRowFile(
                path, columns, target, (column, row) => new CsvCell(schema.Display, column, task.LobMaxSize, issues, row, nullValue));
        }

        var millis = target.ParquetTimestampInMillisecond;
        var cells = new ParquetCells(schema.Display, task.LobMaxSize, millis, issues);
        return new ParquetRowFile(path, columns, _parquet, cells.Create, millis, _memory);
    }
}
