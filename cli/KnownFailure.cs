using System.Text.Json;
using Cdc.Cli.Interface;
using Cdc.Harness.Commands;
using Cdc.Harness.Local;
using Cdc.Harness.Pipelines;
using Npgsql;

namespace Cdc.Cli;

/// <summary>Failures that come from outside this program: their message helps, a stack trace does not.</summary>
internal static class KnownFailure
{
    /// <returns>What to tell; null for a failure of the program itself.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        CommandFailedException { Message: var said } when said.Contains(
            "Failed to query available provider packages", StringComparison.Ordinal) =>
            $"{said}\nWhere Terraform's registry is not reached, TF_CLI_CONFIG_FILE can name a file whose provider_installation "
            + "has a mirror or a folder "
            + "of providers (https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation).",
        UsageException or PortInUseException or LocalStackException or CommandFailedException or PipelineException or AthenaQueryException
            or TimeoutException or Amazon.Runtime.AmazonServiceException => failure.Message,
        PostgresException refused => $"The source database refused a statement: {refused.Message}",
        NpgsqlException lost => $"The source database does not answer: {Whole(lost)} `make status` shows the local AWS's processes.",
        HttpRequestException lost => $"AWS does not answer: {Whole(lost)} "
            + "`make status` shows whether the local AWS runs, `make down` clears it.",
        JsonException unread => $"Something that should be JSON is not: {unread.Message}",
        IOException or UnauthorizedAccessException => failure.Message,
        _ => null,
    };

    private static string Whole(Exception failure) =>
        failure.InnerException is { } inner && !failure.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{failure.Message} {inner.Message}"
            : failure.Message;
}
