using System.Globalization;
using LocalAws.Replication.Settings;

namespace LocalAws.Replication.Target;

/// <summary>Keys of a table's objects.</summary>
internal sealed class ObjectNames(S3TargetSettings settings, string schema, string table, string extension)
{
    /// <summary>The table's folder, with a slash at its end.</summary>
    public string Folder { get; } = (settings.BucketFolder.Length > 0 ? settings.BucketFolder + "/" : "") + $"{schema}/{table}/";

    /// <summary>The n-th file of a load, from 1; eight hexadecimal digits.</summary>
    public string Load(int number) => Folder + "LOAD" + number.ToString("X8", CultureInfo.InvariantCulture) + extension;

    /// <summary>A file of changes that was closed at <paramref name="closed"/> (UTC).</summary>
    public string Changes(DateTime closed)
    {
        var local = settings.DatePartitionEnabled ? TimeZoneInfo.ConvertTimeFromUtc(closed, settings.DatePartitionTimezone) : closed;
        return Folder + Partition(local) + local.ToString("yyyyMMdd-HHmmssfff", CultureInfo.InvariantCulture) + extension;
    }

    private string Partition(DateTime local)
    {
        if (!settings.DatePartitionEnabled)
        {
            return "";
        }

        var separator = settings.DatePartitionDelimiter switch
        {
            "SLASH" => "/",
            "DASH" => "-",
            "UNDERSCORE" => "_",
            _ => "",
        };
        var parts = settings.DatePartitionSequence switch
        {
            "YYYYMMDDHH" => new[] { "yyyy", "MM", "dd", "HH" },
            "YYYYMM" => ["yyyy", "MM"],
            "MMYYYYDD" => ["MM", "yyyy", "dd"],
            "DDMMYYYY" => ["dd", "MM", "yyyy"],
            _ => ["yyyy", "MM", "dd"],
        };
        return string.Join(separator, parts.Select(part => local.ToString(part, CultureInfo.InvariantCulture))) + "/";
    }
}
