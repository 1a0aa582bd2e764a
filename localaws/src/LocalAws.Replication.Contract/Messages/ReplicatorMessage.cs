using System.Text.Json.Serialization;

namespace LocalAws.Replication.Messages;

/// <summary>A line on a replicator's standard output.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunningMessage), "running")]
[JsonDerivedType(typeof(TableMessage), "table")]
[JsonDerivedType(typeof(ProgressMessage), "progress")]
[JsonDerivedType(typeof(LogMessage), "log")]
[JsonDerivedType(typeof(CheckpointMessage), "checkpoint")]
[JsonDerivedType(typeof(StoppedMessage), "stopped")]
[JsonDerivedType(typeof(FailedMessage), "failed")]
[JsonDerivedType(typeof(ConnectionTestMessage), "connection-test")]
public abstract record ReplicatorMessage;
