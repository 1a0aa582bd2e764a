using LocalAws.Replication.Changes;
using LocalAws.Replication.Files;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;
using Npgsql;

namespace LocalAws.Replication.Load;

/// <summary>Loads one table in one statement, hence under one snapshot, which is the table's own.</summary>
internal sealed class TableLoader(
    string connectionString, PostgreSqlSourceSettings source, S3TargetSettings target, RowFileFactory files, DateTime taskStart)
{
    private const int StatisticsEvery = 4096;

    /// <summary>Reads the table and gives its files to the upload, until all are in S3.</summary>
    /// <returns>Rows loaded.</returns>
    public async Task<long> LoadAsync(CapturedTable table, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        if (source.AfterConnectScript is { } script)
        {
            await using var command = new NpgsqlCommand(script, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        // The reader decodes text; the stream beneath it has the bytes.
        using var export = (StreamReader)await connection.BeginTextExportAsync(CopySql(table), cancellationToken);
        var rows = await WriteFilesAsync(table, new CopyReader(export.BaseStream), cancellationToken);
        await table.Target.Uploads;
        return rows;
    }

    private static string CopySql(CapturedTable table)
    {
        var columns = string.Join(", ", table.Source.Columns.Select(column => Sql.Identifier(column.Name)));
        return table.Filter.IsEmpty
            ? $"COPY {table.Source.Quoted} ({columns}) TO STDOUT"
            : $"COPY (SELECT {columns} FROM ONLY {table.Source.Quoted} WHERE {table.Filter.ToSql()}) TO STDOUT";
    }

    private async Task<long> WriteFilesAsync(CapturedTable table, CopyReader reader, CancellationToken cancellationToken)
    {
        var row = new RowImage();
        var stamp = new RowStamp();
        var clock = new LoadClock(target.UseTaskStartTimeForFullLoadTimestamp ? taskStart : null);
        RowFile? file = null;
        var number = 0;
        var rows = 0L;
        try
        {
            while (await reader.FillAsync(cancellationToken))
            {
                while (reader.TryRead(row))
                {
                    file ??= files.Open(table.Target.Schema, isLoad: true);
                    stamp.Timestamp.Set(clock.Next());
                    file.Write(stamp, row, null, null);
                    rows++;
                    if (rows % StatisticsEvery == 0)
                    {
                        var soFar = rows;
                        table.Target.Statistics.Update(current => current with { FullLoadRows = soFar });
                    }

                    if (file.FileBytes >= target.MaxFileSize * 1024L)
                    {
                        Finish(table, file, ++number);
                        file = null;
                    }
                }
            }

            if (file is not null)
            {
                Finish(table, file, ++number);
                file = null;
            }

            return rows;
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static void Finish(CapturedTable table, RowFile file, int number)
    {
        file.Complete();
        table.Target.UploadLoadFile(file, number);
    }
}
