using System.Text.Json;

namespace LocalAws.Replication.Settings;

/// <summary><c>S3Settings</c> of a target endpoint, checked, with the defaults of DMS.</summary>
public sealed record S3TargetSettings
{
    /// <summary>Bucket.</summary>
    public required string BucketName { get; init; }

    /// <summary>Folder in the bucket, without slashes at its ends; may be empty.</summary>
    public string BucketFolder { get; init; } = "";

    /// <summary>Parquet instead of CSV.</summary>
    public bool Parquet { get; init; }

    /// <summary>GZIP.</summary>
    public bool Gzip { get; init; }

    /// <summary><c>rle-dictionary</c>, <c>plain-dictionary</c> or <c>plain</c>.</summary>
    public string EncodingType { get; init; } = "rle-dictionary";

    /// <summary>Bytes of a Parquet dictionary page.</summary>
    public int DictPageSizeLimit { get; init; } = 1024 * 1024;

    /// <summary>Rows of a Parquet row group.</summary>
    public int RowGroupLength { get; init; } = 10_000;

    /// <summary>Bytes of a Parquet data page.</summary>
    public int DataPageSize { get; init; } = 1024 * 1024;

    /// <summary><c>parquet-2-0</c> instead of <c>parquet-1-0</c>.</summary>
    public bool ParquetVersion2 { get; init; }

    /// <summary>Parquet statistics.</summary>
    public bool EnableStatistics { get; init; } = true;

    /// <summary>Milliseconds instead of microseconds in Parquet timestamps.</summary>
    public bool ParquetTimestampInMillisecond { get; init; }

    /// <summary>An Op column in full-load files.</summary>
    public bool IncludeOpForFullLoad { get; init; }

    /// <summary>Only inserts are written.</summary>
    public bool CdcInsertsOnly { get; init; }

    /// <summary>Only inserts and updates are written.</summary>
    public bool CdcInsertsAndUpdates { get; init; }

    /// <summary>Name of the timestamp column; null: none.</summary>
    public string? TimestampColumnName { get; init; }

    /// <summary>The task's start instead of the row's transfer as the timestamp of loaded rows.</summary>
    public bool UseTaskStartTimeForFullLoadTimestamp { get; init; }

    /// <summary>Seconds after which a batch of changes is closed.</summary>
    public int CdcMaxBatchInterval { get; init; } = 60;

    /// <summary>Kilobytes, un-encoded, at which a batch of changes is closed.</summary>
    public int CdcMinFileSize { get; init; } = 32_000;

    /// <summary>Kilobytes of a full-load file.</summary>
    public int MaxFileSize { get; init; } = 1_048_576;

    /// <summary>A header in CSV files.</summary>
    public bool AddColumnName { get; init; }

    /// <summary>Delimiter of CSV fields.</summary>
    public string CsvDelimiter { get; init; } = ",";

    /// <summary>Delimiter of CSV rows.</summary>
    public string CsvRowDelimiter { get; init; } = "\n";

    /// <summary>NULL in CSV.</summary>
    public string CsvNullValue { get; init; } = "";

    /// <summary>Quoting in CSV.</summary>
    public bool Rfc4180 { get; init; } = true;

    /// <summary>Keep the blanks that fill char(n).</summary>
    public bool AddTrailingPaddingCharacter { get; init; }

    /// <summary>Date folders for change files.</summary>
    public bool DatePartitionEnabled { get; init; }

    /// <summary>Order of the folders' parts, upper case.</summary>
    public string DatePartitionSequence { get; init; } = "YYYYMMDD";

    /// <summary>SLASH, DASH, UNDERSCORE or NONE.</summary>
    public string DatePartitionDelimiter { get; init; } = "SLASH";

    /// <summary>Zone of folders and file names.</summary>
    public TimeZoneInfo DatePartitionTimezone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>KMS instead of S3 keys.</summary>
    public bool SseKms { get; init; }

    /// <summary>KMS key.</summary>
    public string? ServerSideEncryptionKmsKeyId { get; init; }

    /// <summary>Canned ACL; null: none.</summary>
    public string? CannedAcl { get; init; }

    /// <summary>Account that must own the bucket.</summary>
    public string? ExpectedBucketOwner { get; init; }

    /// <summary>The role, because policies are not enforced here, and what belongs to other settings or to S3 sources.</summary>
    private static readonly string[] WithoutEffect = ["ServiceAccessRoleArn", "CsvNoSupValue", "IgnoreHeaderRows"];

    /// <summary>Reads the structure and the attributes that override it.</summary>
    /// <exception cref="ReplicationException">A value is invalid, or a setting is not supported: the message names it.</exception>
    public static S3TargetSettings Parse(JsonElement settings, string? extraConnectionAttributes)
    {
        var reader = new SettingReader("S3Settings", settings, extraConnectionAttributes);
        RefuseUnsupported(reader);
        if (reader.Text("TimestampColumnName") is "")
        {
            throw new ReplicationException("TimestampColumnName cannot be an empty string.");
        }

        var result = new S3TargetSettings
        {
            BucketName = reader.Text("BucketName") is { Length: > 0 } bucket
                ? bucket
                : throw new ReplicationException("S3Settings.BucketName is missing: name the bucket that the task writes to."),
            BucketFolder = reader.Text("BucketFolder", "").Trim('/'),
            Parquet = reader.OneOf("DataFormat", "csv", "parquet") == "parquet",
            Gzip = reader.OneOf("CompressionType", "none", "gzip") == "gzip",
            EncodingType = reader.OneOf("EncodingType", "rle-dictionary", "plain-dictionary", "plain"),
            DictPageSizeLimit = reader.Number("DictPageSizeLimit", 1024 * 1024, 0),
            RowGroupLength = reader.Number("RowGroupLength", 10_000, 1, 64 * 1024 * 1024),
            DataPageSize = reader.Number("DataPageSize", 1024 * 1024, 1),
            ParquetVersion2 = reader.OneOf("ParquetVersion", "parquet-1-0", "parquet-2-0") == "parquet-2-0",
            EnableStatistics = reader.Flag("EnableStatistics", true),
            ParquetTimestampInMillisecond = reader.Flag("ParquetTimestampInMillisecond"),
            IncludeOpForFullLoad = reader.Flag("IncludeOpForFullLoad"),
            CdcInsertsOnly = reader.Flag("CdcInsertsOnly"),
            CdcInsertsAndUpdates = reader.Flag("CdcInsertsAndUpdates"),
            TimestampColumnName = reader.Text("TimestampColumnName"),
            UseTaskStartTimeForFullLoadTimestamp = reader.Flag("UseTaskStartTimeForFullLoadTimestamp"),
            CdcMaxBatchInterval = reader.Number("CdcMaxBatchInterval", 60, 0, 86_400),
            CdcMinFileSize = reader.Number("CdcMinFileSize", 32_000, 1),
            MaxFileSize = reader.Number("MaxFileSize", 1_048_576, 1, 1_048_576),
            AddColumnName = reader.Flag("AddColumnName"),
            CsvDelimiter = Unescape(reader.Text("CsvDelimiter", ",")),
            CsvRowDelimiter = Unescape(reader.Text("CsvRowDelimiter", "\n")),
            CsvNullValue = reader.Text("CsvNullValue", ""),
            Rfc4180 = reader.Flag("Rfc4180", true),
            AddTrailingPaddingCharacter = reader.Flag("AddTrailingPaddingCharacter"),
            DatePartitionEnabled = reader.Flag("DatePartitionEnabled"),
            DatePartitionSequence = reader.OneOf("DatePartitionSequence", "YYYYMMDD", "YYYYMMDDHH", "YYYYMM", "MMYYYYDD", "DDMMYYYY"),
            DatePartitionDelimiter = reader.OneOf("DatePartitionDelimiter", "SLASH", "DASH", "UNDERSCORE", "NONE"),
            DatePartitionTimezone = Zone(reader),
            SseKms = reader.OneOf("EncryptionMode", "sse-s3", "sse-kms") == "sse-kms",
            ServerSideEncryptionKmsKeyId = reader.Text("ServerSideEncryptionKmsKeyId"),
            CannedAcl = reader.Text("CannedAclForObjects") is { Length: > 0 } acl && acl != "none" ? acl : null,
            ExpectedBucketOwner = reader.Text("ExpectedBucketOwner") is { Length: > 0 } owner ? owner : null,
        };
        reader.RefuseUnknown(WithoutEffect);
        CheckCombinations(result);
        return result;
    }

    private static void RefuseUnsupported(SettingReader reader)
    {
        reader.RefuseUnless(
            "PreserveTransactions", !reader.Flag("PreserveTransactions"), "files are written for each table; leave it out.");
        reader.RefuseUnless(
            "CdcPath", string.IsNullOrEmpty(reader.Text("CdcPath")), "change files lie in the table's folder; leave it out.");
        reader.RefuseUnless("GlueCatalogGeneration", !reader.Flag("GlueCatalogGeneration"), "create the catalog's tables yourself.");
        reader.RefuseUnless("UseCsvNoSupValue", !reader.Flag("UseCsvNoSupValue"), "missing columns are written as CsvNullValue.");
        reader.RefuseUnless(
            "ExternalTableDefinition", string.IsNullOrEmpty(reader.Text("ExternalTableDefinition")), "it belongs to S3 sources.");
    }

    private static void CheckCombinations(S3TargetSettings settings)
    {
        if (settings.CdcInsertsOnly && settings.CdcInsertsAndUpdates)
        {
            throw new ReplicationException("S3Settings.CdcInsertsOnly and CdcInsertsAndUpdates exclude each other: set one of them.");
        }

        if (settings.CdcInsertsAndUpdates && !settings.IncludeOpForFullLoad)
        {
            throw new ReplicationException(
                "S3Settings.CdcInsertsAndUpdates needs IncludeOpForFullLoad: without it the documentation contradicts "
                + "itself about the Op column.");
        }
    }

    private static TimeZoneInfo Zone(SettingReader reader)
    {
        var name = reader.Text("DatePartitionTimezone", "UTC");
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new ReplicationException($"S3Settings.DatePartitionTimezone = '{name}' is not a known zone, such as Europe/Paris.");
    }

    // Terraform sends the two characters \ and n.
    private static string Unescape(string text) =>
        text.Replace("\\n", "\n", StringComparison.Ordinal).Replace(
            "\\r", "\r", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal);
}
