using LocalAws.Replication.Files;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Target;

/// <summary>
/// The files of one table. While it is loaded, its changes are staged on the disk and held back; after that a batch is closed by time
/// or by size, named by the moment of its closing and uploaded.
/// </summary>
internal sealed class TableTarget(OutputSchema schema, TableStatistics statistics, TargetServices services, bool isLoading)
{
    private readonly Lock _lock = new();
    private readonly Queue<ChangeBatch> _heldBack = new();
    private ObjectNames _names = new(services.Settings, schema.Schema, schema.Table, services.Files.Extension);
    private ChangeBatch? _open;
    private bool _isLoading = isLoading;
    private volatile bool _isSuspended;
    private Task _uploads = Task.CompletedTask;

    public TableStatistics Statistics => statistics;

    public OutputSchema Schema { get; private set; } = schema;

    public bool IsLoading
    {
        get
        {
            lock (_lock)
            {
                return _isLoading;
            }
        }
    }

    /// <summary>Whether every row of the load is in S3, and the table goes on with its changes.</summary>
    public bool IsLoaded { get; private set; } = !isLoading;

    /// <summary>Whether the table was given up until it is loaded again.</summary>
    public bool IsSuspended => _isSuspended;

    /// <summary>The highest number that a file of the load has had, in whichever attempt.</summary>
    public int LoadFiles { get; private set; }

    /// <summary>The table's folder in the bucket.</summary>
    public string Folder => _names.Folder;

    /// <summary>All uploads given so far.</summary>
    public Task Uploads
    {
        get
        {
            lock (_lock)
            {
                return _uploads;
            }
        }
    }

    /// <summary>Stages a change. See <see cref="RowFile.Write"/>.</summary>
    public void Write(RowStamp stamp, RowImage row, RowImage? before, RowImage? fallback)
    {
        lock (_lock)
        {
            if (_isSuspended)
            {
                return;
            }

            var batch = _open ??= OpenBatch();
            batch.File.Write(stamp, row, before, fallback);
            switch (stamp.Operation)
            {
                case (byte)'I':
                    batch.Inserts++;
                    break;
                case (byte)'U':
                    batch.Updates++;
                    break;
                default:
                    batch.Deletes++;
                    break;
            }

            if (batch.File.StagedBytes >= services.Settings.CdcMinFileSize * 1024L)
            {
                CloseOpen();
            }
        }
    }

    /// <summary>Takes a new definition of the table: no file has two.</summary>
    public void ChangeSchema(OutputSchema changed)
    {
        lock (_lock)
        {
            CloseOpen();
            Schema = changed;
            _names = new ObjectNames(services.Settings, changed.Schema, changed.Table, services.Files.Extension);
        }
    }

    /// <summary>Closes the batch if it is still the one being filled.</summary>
    public void CloseIfOpen(ChangeBatch batch)
    {
        lock (_lock)
        {
            if (_open == batch)
            {
                CloseOpen();
            }
        }
    }

    /// <summary>Closes the batch being filled at once.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            CloseOpen();
        }
    }

    /// <summary>
    /// Begins another load: changes are held back from here on, until its rows lie in the bucket. Takes a suspended table up again.
    /// </summary>
    /// <returns>False if the table is being loaded already.</returns>
    public bool BeginReload()
    {
        lock (_lock)
        {
            if (_isLoading)
            {
                return false;
            }

            CloseOpen();
            _isSuspended = false;
            _isLoading = true;
            IsLoaded = false;
            // The earlier load's files stay, as with DMS's DO_NOTHING: they are no leftovers of an attempt that broke off.
            LoadFiles = 0;
            return true;
        }
    }

    /// <summary>Uploads a file of the load.</summary>
    public void UploadLoadFile(RowFile file, int number)
    {
        lock (_lock)
        {
            LoadFiles = Math.Max(LoadFiles, number);
            _uploads = services.Uploads.Enqueue(_uploads, file.Path, _names.Load(number), static () => { });
        }
    }

    /// <summary>The key of a file of the load.</summary>
    public string LoadKey(int number) => _names.Load(number);

    /// <summary>The load's files are in S3.</summary>
    public void LoadCompleted()
    {
        lock (_lock)
        {
            IsLoaded = !_isSuspended;
        }
    }

    /// <summary>What was held back follows the load.</summary>
    public void LetChangesFollow()
    {
        lock (_lock)
        {
            _isLoading = false;
            while (_heldBack.TryDequeue(out var batch))
            {
                Upload(batch);
            }

            if (_open is { } open)
            {
                services.Timer.Arm(this, open);
            }
        }
    }

    /// <summary>Gives the table up until it is reloaded: its changes are lost and no longer hold the log.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            _isSuspended = true;
            _isLoading = false;
            IsLoaded = false;
            if (_open is { } open)
            {
                open.File.Dispose();
                _heldBack.Enqueue(open);
                _open = null;
            }

            while (_heldBack.TryDequeue(out var batch))
            {
                services.Positions.Release(batch.Hold);
                File.Delete(batch.File.Path);
            }
        }
    }

    private ChangeBatch OpenBatch()
    {
        var batch = new ChangeBatch(services.Files.Open(Schema, isLoad: false), services.Positions.Hold());
        if (!_isLoading)
        {
            services.Timer.Arm(this, batch);
        }

        return batch;
    }

    private void CloseOpen()
    {
        if (_open is not { } batch)
        {
            return;
        }

        _open = null;
        batch.File.Complete();
        statistics.Update(current => current with
        {
            Inserts = current.Inserts + batch.Inserts,
            Updates = current.Updates + batch.Updates,
            Deletes = current.Deletes + batch.Deletes,
        });
        if (_isLoading)
        {
            _heldBack.Enqueue(batch);
        }
        else
        {
            Upload(batch);
        }
    }

    private void Upload(ChangeBatch batch) =>
        _uploads = services.Uploads.Enqueue(_uploads, batch.File.Path, _names.Changes(services.Clock.Next()), () =>
        {
            services.Positions.Release(batch.Hold);
            statistics.Update(current => current with
            {
                AppliedInserts = current.AppliedInserts + batch.Inserts,
                AppliedUpdates = current.AppliedUpdates + batch.Updates,
                AppliedDeletes = current.AppliedDeletes + batch.Deletes,
            });
        });
}
