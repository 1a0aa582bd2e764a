using LocalAws.Postgres;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>What the parameter group that an instance names means to its server.</summary>
internal sealed class GroupSettings(ScopedStore<RdsState> store)
{
    /// <exception cref="AwsException">
    /// There is no such group, it is another version's, or it asks for what this machine has not.
    /// </exception>
    public ServerSettings Of(AwsScope scope, string groupName, PostgresDistribution distribution)
    {
        if (groupName == $"default.postgres{distribution.Major}")
        {
            return ServerSettings.Of(new Dictionary<string, string>(), distribution.Major);
        }

        var group = store[scope].ParameterGroups.GetValueOrDefault(groupName) ?? throw new AwsException(
            "DBParameterGroupNotFound", $"DBParameterGroup not found: {groupName}", StatusCodes.Status404NotFound);
        if (group.Family != "postgres" + distribution.Major)
        {
            throw new AwsException(
                "InvalidParameterCombination",
                $"The Parameter Group {groupName} with DBParameterGroupFamily {group.Family} cannot be used for this instance. "
                + $"Please use a Parameter Group with DBParameterGroupFamily postgres{distribution.Major}");
        }

        var parameters = group.Values;
        var libraries = (parameters.GetValueOrDefault("shared_preload_libraries") ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return libraries.FirstOrDefault(library => !distribution.HasLibrary(library)) is { } missing
            ? throw new AwsException(
                "InvalidParameterValue",
                $"shared_preload_libraries of {groupName} names {missing}, which the PostgreSQL {distribution.Version} of this machine "
                + "does not have.")
            : ServerSettings.Of(parameters, distribution.Major);
    }
}
