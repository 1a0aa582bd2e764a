using System.Text.Json;
using Amazon.SecretsManager;
using Cdc.EndToEnd.Tests.Story;

namespace Cdc.EndToEnd.Tests;

public sealed class ApplyTests
{
    [Fact]
    public async Task A_second_plan_has_nothing_to_do()
    {
        var story = await DeployedPipeline.GetAsync();

        story.SecondPlan.IsEmpty.Should().BeTrue(story.SecondPlan.ToString());
    }

    [Fact]
    public async Task No_secret_is_in_state_plan_output_or_log()
    {
        var story = await DeployedPipeline.GetAsync();
        using var secrets = new AmazonSecretsManagerClient();
        using var administrator = JsonDocument.Parse(await secrets.GetSecretValueAsync(story.Deployment.SourceOutput.AdministratorSecretArn, CancellationToken.None));
        var password = administrator.RootElement.GetProperty("password").GetString()!;
        var salt = await secrets.GetSecretValueAsync(story.Deployment.Pipeline.MaskSaltSecretArn!, CancellationToken.None);
        var connection = await secrets.GetSecretValueAsync(story.Deployment.Pipeline.ConnectionSecretArn, CancellationToken.None);
        // Else the search would look for something that is used nowhere.
        connection.Should().Contain(password);

        var places = new Dictionary<string, string>
        {
            ["state"] = (await story.Root.ShowAsync(CancellationToken.None)).ToJsonString(),
            ["state file"] = await File.ReadAllTextAsync(story.Root.StateFile),
            ["plan"] = story.SecondPlan.Json.ToJsonString(),
            ["output and log of terraform"] = await File.ReadAllTextAsync(story.Root.LogFile),
            ["log of the local AWS"] = await File.ReadAllTextAsync(story.Stack.LogFile),
            ["logs of task, function and job"] = await story.EvidenceAsync(),
        };
        foreach (var (place, text) in places)
        {
            text.Should().NotBeEmpty();
            text.Contains(password, StringComparison.Ordinal).Should().BeFalse($"the {place} must not hold the password");
            text.Contains(salt, StringComparison.Ordinal).Should().BeFalse($"the {place} must not hold the salt");
        }
    }
}
