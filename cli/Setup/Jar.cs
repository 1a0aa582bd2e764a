using System.Globalization;

namespace Cdc.Cli.Setup;

/// <summary>A line of localaws/jars.txt: <c>group:artifact:version sha256 bytes</c>.</summary>
internal sealed record Jar(string Group, string Artifact, string Version, string Sha256, long Size)
{
    public string FileName => $"{Artifact}-{Version}.jar";

    /// <summary>Path in a Maven repository.</summary>
    public string Path => $"{Group.Replace('.', '/')}/{Artifact}/{Version}/{FileName}";

    public static Jar Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 3 && fields[0].Split(':') is [var group, var artifact, var version]
            ? new Jar(group, artifact, version, fields[1], long.Parse(fields[2], CultureInfo.InvariantCulture))
            : throw new FormatException($"localaws/jars.txt: '{line}' is not 'group:artifact:version sha256 bytes'.");
    }
}
