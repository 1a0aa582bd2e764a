using System.Runtime.CompilerServices;

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>
/// Every place of a story where a secret could have come to lie: state, plan, logs from their first line on, arguments, and all files of
/// the stack.
/// </summary>
internal sealed class SecretPlaces(DeployedPipeline story)
{
    /// <summary>One after the other, empty ones left out: some files are large.</summary>
    public async IAsyncEnumerable<SecretPlace> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipeline = story.Deployment.Pipeline;
        yield return new SecretPlace("state", (await story.Root.ShowAsync(cancellationToken)).ToJsonString());
        yield return new SecretPlace("plan", story.SecondPlan.Json.ToJsonString());
        foreach (var group in new[] { pipeline.TaskLogGroup, pipeline.FunctionLogGroup, pipeline.JobLogGroup, pipeline.JobErrorLogGroup })
        {
            var lines = await story.Deployment.Logs.FilterLogEventsAsync(group, null, null, null, cancellationToken);
            if (lines.Count > 0)
            {
                yield return new SecretPlace($"log group {group}", string.Join('\n', lines.Select(line => line.Message)));
            }
        }

        foreach (var (name, id) in await story.Stack.ProcessesAsync(cancellationToken))
        {
            if (await FileAsync($"/proc/{id}/cmdline", $"arguments of {name}", cancellationToken) is { } arguments)
            {
                yield return arguments;
            }
        }

        // The state file and the logs of Terraform and of the local AWS are among them. The local AWS's lock, which nobody else may open,
        // is empty.
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(story.Stack.LogFile)!, "*", everything))
        {
            if (Path.GetFileName(file) != "lock" && await FileAsync(file, file, cancellationToken) is { } content)
            {
                yield return content;
            }
        }
    }

    private static async Task<SecretPlace?> FileAsync(string file, string name, CancellationToken cancellationToken)
    {
        try
        {
            var content = await File.ReadAllBytesAsync(file, cancellationToken);
            return content.Length == 0 ? null : new SecretPlace(name, content);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Removed meanwhile: processes end, and databases tidy up.
            return null;
        }
    }
}
