using System.Text.Json.Nodes;
using Amazon.Thin;

namespace Amazon.SecretsManager;

/// <summary>Values of AWS Secrets Manager.</summary>
public sealed class AmazonSecretsManagerClient() : JsonServiceClient("Secrets Manager", "secretsmanager", "secretsmanager")
{
    /// <summary>The current value.</summary>
    public async Task<string> GetSecretValueAsync(string secretId, CancellationToken cancellationToken) =>
        (await InvokeAsync("GetSecretValue", new JsonObject { ["SecretId"] = secretId }, cancellationToken).ConfigureAwait(false)).Required("SecretString");

    public Task PutSecretValueAsync(string secretId, string value, CancellationToken cancellationToken) =>
        InvokeAsync("PutSecretValue", new JsonObject { ["SecretId"] = secretId, ["SecretString"] = value, ["ClientRequestToken"] = Guid.NewGuid().ToString() }, cancellationToken);
}
