namespace LocalAws.Services.Glue;

/// <summary>A class-data archive that a Spark process writes at its end.</summary>
/// <param name="File">Where later processes look for it.</param>
/// <param name="WrittenAs">What this process writes; it takes its final name only when it is whole.</param>
public sealed record ClassDataArchive(string File, string WrittenAs)
{
    public static ClassDataArchive For(string file) => new(file, $"{file}.{Guid.NewGuid():N}");

    /// <summary>Makes what was written the archive that later processes read.</summary>
    public void Publish()
    {
        if (System.IO.File.Exists(WrittenAs))
        {
            System.IO.File.Move(WrittenAs, File, overwrite: true);
        }
    }
}
