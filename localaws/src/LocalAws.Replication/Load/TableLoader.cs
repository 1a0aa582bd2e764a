using LocalAws.Postgres;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Files;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;
using Npgsql;

namespace LocalAws.Replication.Load;

/// <summary>
/// Loads one table in one statement, hence under one snapshot, which is the table's own. It reads as the endpoint's user, so the rights and
/// policies of that user decide which rows there are.
/// </summary>
internal sealed class TableLoader(
    string connectionString, DefinitionBuilder definitions, PostgreSqlSourceSettings source, S3TargetSettings target, RowFileFactory files,
    DateTime taskStart, TimeProvider time)
{
    private const int StatisticsEvery = 4096;

    /// <summary>Reads the table and gives its files to the upload, until all are in S3.</summary>
    /// <returns>Rows and files.</returns>
    public async Task<LoadedRows> LoadAsync(CapturedTable table, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        if (source.AfterConnectScript is { } script)
        {
            await using var command = new NpgsqlCommand(script, connection) { CommandTimeout = source.ExecuteTimeout };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        // What the table is now: the log may be read at a place where it was another. The lock is the one that COPY takes.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand($"LOCK TABLE ONLY {table.Definition.Source.Quoted} IN ACCESS SHARE MODE", connection))
        {
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var known = table.Definition.Source;
        var now = await new Catalog(connection).TableAsync(known.Schema, known.Name, cancellationToken)
            ?? throw new TableFaultException("It is no ordinary table any more.");
        var loaded = await CopyAsync(connection, table, definitions.Build(now, table.Rule), cancellationToken);
        // Before the uploads, so that no statement of the application's waits for those.
        await transaction.CommitAsync(cancellationToken);
        await table.Target.Uploads;
        return loaded;
    }

    private async Task<LoadedRows> CopyAsync(
        NpgsqlConnection connection, CapturedTable table, TableDefinition definition, CancellationToken cancellationToken)
    {
        // The reader decodes text; the stream beneath it has the bytes.
        using var export = (StreamReader)await connection.BeginTextExportAsync(CopySql(definition.Source), cancellationToken);
        var stream = (NpgsqlRawCopyStream)export.BaseStream;
        try
        {
            return await WriteFilesAsync(
                table, definition, new CopyReader(stream, definitions.Limits(definition.Source)),
                cancellationToken);
        }
        catch
        {
            await CancelAsync(stream);
            throw;
        }
    }

    /// <summary>Ends the statement: closing alone would read the table to its end.</summary>
    private static async Task CancelAsync(NpgsqlRawCopyStream stream)
    {
        try
        {
            await stream.CancelAsync();
        }
        catch (Exception error) when (error is NpgsqlException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // The connection is gone already, and the statement with it.
        }
    }

    /// <summary>COPY of a table leaves out generated columns, and a partition's or parent's other tables must not come with it.</summary>
    private static string CopySql(SourceTable table)
    {
        var columns = string.Join(", ", table.Columns.Select(column => column.IsLeftOut ? "NULL" : SqlText.Identifier(column.Name)));
        return table.Columns.Any(column => column.IsGenerated || column.IsLeftOut)
            ? $"COPY (SELECT {columns} FROM ONLY {table.Quoted}) TO STDOUT"
            : $"COPY {table.Quoted} ({columns}) TO STDOUT";
    }

    private async Task<LoadedRows> WriteFilesAsync(
        CapturedTable table, TableDefinition definition, CopyReader reader, CancellationToken cancellationToken)
    {
        var filter = definition.Filter;
        var row = new RowImage();
        var stamp = new RowStamp();
        var clock = new LoadClock(target.UseTaskStartTimeForFullLoadTimestamp ? taskStart : null, time);
        RowFile? file = null;
        var number = 0;
        var read = 0L;
        var rows = 0L;
        try
        {
            while (await reader.FillAsync(cancellationToken))
            {
                while (reader.TryRead(row))
                {
                    read++;
                    if (!filter.IsEmpty && !filter.Matches(row))
                    {
                        continue;
                    }

                    file ??= files.Open(definition.Schema, isLoad: true);
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

            return new LoadedRows(rows, number);
        }
        catch (TableFaultException fault)
        {
            throw new TableFaultException($"{fault.Message} (Row {read} of the load.)", fault);
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
