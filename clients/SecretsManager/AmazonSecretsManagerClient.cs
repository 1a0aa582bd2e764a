using System.Text.Json.Nodes;
using Amazon.Thin;

namespace Amazon.SecretsManager;

/// <summary>Values of AWS Secrets Manager.</summary>
public sealed class AmazonSecretsManagerClient() : JsonServiceClient("Secrets Manager", "secretsmanager", "secretsmanager")
{
    /// <summary>The current value.</summary>
    public async Task<string> GetSecretValueAsync(string secretId, CancellationToken cancellationToken) =>
        (await InvokeAsync("GetSecretValue", new JsonObject { ["SecretId"] = secretId }, cancellationToken).ConfigureAwait(false))
            .Required("SecretString");

    /// <returns>The secret's ARN.</returns>
    public async Task<string> CreateSecretAsync(string name, string value, CancellationToken cancellationToken) =>
        (await InvokeAsync(
            "CreateSecret",
            new JsonObject { ["Name"] = name, ["SecretString"] = value, ["ClientRequestToken"] = Guid.NewGuid().ToString() },
            cancellationToken).ConfigureAwait(false)).Required("ARN");

    /// <summary>Deletes at once, without the days in which a secret can be restored.</summary>
    public Task DeleteSecretAsync(string secretId, CancellationToken cancellationToken) =>
        InvokeAsync("DeleteSecret", new JsonObject { ["SecretId"] = secretId, ["ForceDeleteWithoutRecovery"] = true }, cancellationToken);
}
