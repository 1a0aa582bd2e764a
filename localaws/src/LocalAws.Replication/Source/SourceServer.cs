using System.Globalization;
using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>What a server and its database are, as far as the engine has to know.</summary>
/// <param name="Version">As <c>server_version_num</c>: 160004 is 16.4.</param>
/// <param name="Encoding">The database's encoding.</param>
internal sealed record SourceServer(int Version, string Encoding)
{
    /// <summary>The encoding of a database that takes bytes as they come.</summary>
    public const string WithoutEncoding = "SQL_ASCII";

    private const string Utf8 = "UTF8";

    /// <summary>Whether the engine understands the texts of the log: test_decoding prints them in the database's own encoding.</summary>
    public bool IsUnderstood => Encoding is Utf8 or WithoutEncoding;

    /// <summary>Whether texts of the database have an encoding.</summary>
    public bool HasEncoding => Encoding != WithoutEncoding;

    /// <summary>
    /// Whether a new slot of this server may begin within a transaction when another slot is being read. "Prevent incorrect initialization
    /// of logical replication slots": release notes of 12.20, 13.16, 14.13, 15.8 and 16.4 (2024-08-08); 17 never had it.
    /// </summary>
    public bool MayBeginSlotsWithinTransactions => (Version / 10_000) switch
    {
        12 => Version < 120_020,
        13 => Version < 130_016,
        14 => Version < 140_013,
        15 => Version < 150_008,
        16 => Version < 160_004,
        var major => major < 12,
    };

    public static async Task<SourceServer> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command =
            new NpgsqlCommand("SELECT current_setting('server_version_num'), current_setting('server_encoding')", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SourceServer(int.Parse(reader.GetString(0), CultureInfo.InvariantCulture), reader.GetString(1));
    }
}
