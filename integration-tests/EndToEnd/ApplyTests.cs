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
    public async Task No_secret_is_in_state_plan_output_log_argument_or_file()
    {
        var story = await DeployedPipeline.GetAsync();
        var pipeline = story.Deployment.Pipeline;
        using var secrets = new AmazonSecretsManagerClient();
        using var administrator = JsonDocument.Parse(
            await secrets.GetSecretValueAsync(story.Deployment.SourceOutput.AdministratorSecretArn, StoryTime.Token));
        var password = administrator.RootElement.GetProperty("password").GetString()!;
        var salt = await secrets.GetSecretValueAsync(pipeline.MaskSaltSecretArn!, StoryTime.Token);
        var connection = await secrets.GetSecretValueAsync(pipeline.ConnectionSecretArn, StoryTime.Token);
        // Else the search would look for something that is used nowhere.
        connection.Should().Contain(password);

        var searched = new List<string>();
        var found = new List<string>();
        await foreach (var place in new SecretPlaces(story).ReadAsync(StoryTime.Token))
        {
            searched.Add(place.Name);
            found.AddRange(new[] { ("the password", password), ("the salt", salt) }.Where(
                secret => place.Holds(secret.Item2)).Select(secret => $"{secret.Item1} in {place.Name}"));
        }

        found.Should().BeEmpty();
        // Else the search would have missed where secrets are most likely.
        searched.Should().Contain(
            [
                "state", "plan", story.Root.StateFile, story.Root.LogFile, story.Stack.LogFile,
                $"log group {pipeline.TaskLogGroup}", $"log group {pipeline.FunctionLogGroup}", $"log group {pipeline.JobLogGroup}",
                "arguments of moto",
            ]);
    }
}
