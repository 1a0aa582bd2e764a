using System.Reflection;

namespace Cdc.ParquetBenchmark;

/// <summary>One of the writers that are compared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="For">Gives it a table to write.</param>
internal sealed record Candidate(string Name, Func<Table, ITableWriter> For)
{
    /// <summary>All of them, the own one first.</summary>
    public static readonly IReadOnlyList<Candidate> All =
    [
        new("LocalAws.Parquet", table => new OwnWriter(table)),
        new(Named(typeof(ParquetSharp.ParquetFileWriter)), table => new ParquetSharpWriter(table)),
        new(Named(typeof(Parquet.ParquetWriter)), table => new ParquetNetWriter(table)),
    ];

    private static string Named(Type type)
    {
        var assembly = type.Assembly;
        // The assembly of Parquet.Net is named Parquet.
        var name = assembly.GetName().Name is "Parquet" ? "Parquet.Net" : assembly.GetName().Name;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return $"{name} {version.Split('+')[0]}";
    }
}
