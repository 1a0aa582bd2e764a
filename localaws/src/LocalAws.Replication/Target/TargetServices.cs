using LocalAws.Replication.Files;
using LocalAws.Replication.Settings;
using LocalAws.Replication.State;
using LocalAws.Replication.Uploads;

namespace LocalAws.Replication.Target;

/// <summary>What the tables of a task share.</summary>
internal sealed record TargetServices(
    S3TargetSettings Settings, RowFileFactory Files, UploadQueue Uploads, BatchTimer Timer, FileClock Clock, PositionTracker Positions);
