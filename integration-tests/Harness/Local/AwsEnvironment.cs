namespace Cdc.Harness.Local;

/// <summary>The variables by which every SDK, tool and program here finds AWS.</summary>
public static class AwsEnvironment
{
    /// <summary>What points at a local AWS; with nothing of it set, the same programs work on an account.</summary>
    public static IReadOnlyDictionary<string, string?> Local(int port) => new Dictionary<string, string?>
    {
        ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{port}",
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        // A profile of the user would win over some of these.
        ["AWS_PROFILE"] = null,
        ["AWS_SESSION_TOKEN"] = null,
        ["AWS_DEFAULT_REGION"] = "us-east-1",
    };

    /// <summary>What a user's shell exports to reach it.</summary>
    public static IReadOnlyList<string> Exports(int port) =>
    [
        $"AWS_ENDPOINT_URL=http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test",
        "AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1",
    ];

    /// <summary>Points this process, its clients and its children at a local AWS.</summary>
    public static void Enter(int port)
    {
        foreach (var (name, value) in Local(port))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
