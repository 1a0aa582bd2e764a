using System.Collections.Concurrent;
using System.Diagnostics;

namespace LocalAws.Hosting;

/// <summary>
/// Starts the stack's processes and keeps the list of them on disk, so that nothing outlives the gateway however it ended.
/// </summary>
internal sealed class ChildProcesses(GatewayOptions options, TimeProvider clock, ILogger<ChildProcesses> logger)
{
    private readonly ConcurrentDictionary<int, ChildProcess> _running = new();
    private readonly ConcurrentDictionary<int, string> _foldersLeft = new();
    private readonly ProcessList _list = new(Path.Combine(options.Home, "processes"));
    private readonly Lock _starting = new();
    private bool _isStopping;

    /// <summary>Names and process ids of what runs now.</summary>
    public IReadOnlyCollection<ChildProcess> Running => [.. _running.Values.Where(child => !child.HasExited)];

    /// <exception cref="InvalidOperationException">The program cannot be started; the message names it.</exception>
    public ChildProcess Start(ChildProcessSpec spec)
    {
        var info = new ProcessStartInfo(spec.FileName)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = spec.WorkingDirectory ?? options.Home,
        };
        foreach (var argument in spec.Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        if (spec.ClearEnvironment)
        {
            info.Environment.Clear();
        }

        foreach (var (name, value) in spec.Environment)
        {
            info.Environment[name] = value;
            if (value is null)
            {
                info.Environment.Remove(name);
            }
        }

        lock (_starting)
        {
            // StopAllAsync has ended what ran; a process that starts now would stay.
            return _isStopping
                ? throw new InvalidOperationException($"{spec.Name} is not started: the local AWS is stopping.")
                : Start(spec, info);
        }
    }

    /// <summary>Kills whatever an earlier gateway of this folder left behind and removes its folders.</summary>
    public void ClearLeftovers() => _list.Clear();

    /// <summary>Ends every process of the stack and removes their folders.</summary>
    public async Task StopAllAsync()
    {
        lock (_starting)
        {
            _isStopping = true;
        }

        await Task.WhenAll(_running.Values.Select(child => child.StopAsync(TimeSpan.FromSeconds(2))));
        _list.Clear();
    }

    private ChildProcess Start(ChildProcessSpec spec, ProcessStartInfo info)
    {
        Process process;
        try
        {
            process = Process.Start(info) ?? throw new InvalidOperationException($"{spec.Name}: {spec.FileName} did not start.");
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new InvalidOperationException($"{spec.Name}: {spec.FileName} cannot be started: {failure.Message}", failure);
        }

        if (!spec.RedirectInput)
        {
            process.StandardInput.Close();
        }

        var id = process.Id;
        ForgetRemovedFolders(id);
        _list.Add(process, spec.Name, spec.Folder);
        var child = new ChildProcess(spec, process, () => Forget(id, spec.Folder), clock, logger);
        _running[id] = child;
        if (child.Completion.IsCompleted)
        {
            // It ended before it stood in the list.
            _running.TryRemove(KeyValuePair.Create(id, child));
        }

        return child;
    }

    /// <summary>A folder outlives its process (a database that reboots needs it), and the list holds it until it is gone.</summary>
    private void Forget(int id, string? folder)
    {
        _running.TryRemove(id, out _);
        if (Directory.Exists(folder))
        {
            _foldersLeft[id] = folder;
            return;
        }

        _list.Remove(id);
    }

    private void ForgetRemovedFolders(int started)
    {
        // The system may give an id again; its entry is then the new process's.
        _foldersLeft.TryRemove(started, out _);
        foreach (var (id, _) in _foldersLeft.Where(left => !Directory.Exists(left.Value)))
        {
            if (_foldersLeft.TryRemove(id, out _))
            {
                _list.Remove(id);
            }
        }
    }
}
