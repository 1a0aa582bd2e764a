namespace LocalAws.Services.Rds;

/// <summary>What a parameter group means to the server behind an instance.</summary>
/// <param name="Lines">Lines of postgresql.conf.</param>
/// <param name="ForceTls">Whether a connection without TLS is refused.</param>
internal sealed record ServerSettings(IReadOnlyList<string> Lines, bool ForceTls)
{
    /// <summary>RDS refuses plain connections by default from this major version on.</summary>
    private const int ForcedSince = 15;

    /// <param name="parameters">What the group's user set; nothing for a default group.</param>
    /// <param name="major">The major version of the server.</param>
    public static ServerSettings Of(IReadOnlyDictionary<string, string> parameters, string major) => new(
        [.. ParameterCatalog.ToConfiguration(parameters)],
        parameters.TryGetValue(ParameterCatalog.ForceSsl, out var given)
            ? given == "1"
            : int.Parse(major, System.Globalization.CultureInfo.InvariantCulture) >= ForcedSince);

    /// <summary>The lines of pg_hba.conf: passwords for everybody, RDS's administrator included.</summary>
    public IEnumerable<string> Authentication()
    {
        // With hostssl lines only, a plain connection is refused with the same message as on RDS.
        var kind = ForceTls ? "hostssl" : "host";
        yield return $"{kind} all all 127.0.0.1/32 scram-sha-256";
        // "all" leaves out replication.
        yield return $"{kind} replication all 127.0.0.1/32 scram-sha-256";
    }
}
