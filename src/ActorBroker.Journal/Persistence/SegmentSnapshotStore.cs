using ActorBroker.Journal.Files;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace ActorBroker.Journal.Persistence;

/// <summary>
/// Akka.Persistence's snapshot store beside the segment journal, <c>akka.persistence.snapshot-store.segment</c>. A snapshot
/// counts as saved when its file is flushed. A damaged one fails the recovery that needs it: the events before it may be gone.
/// </summary>
public sealed class SegmentSnapshotStore : SnapshotStore
{
    private readonly SnapshotFiles _snapshots;
    private readonly PayloadCodec _payloads;
    private readonly MessageDispatcher _dispatcher;
    private readonly IScheduler _scheduler;

    /// <summary>Files are changed by one piece of work at a time, in the order of the requests.</summary>
    private Task _last = Task.CompletedTask;

    public SegmentSnapshotStore(Config config)
    {
        var system = Context.System;
        var directory = config.GetString("dir")
            ?? throw new ConfigurationException($"{SegmentPersistence.SnapshotStoreId}.dir: a folder is needed");
        var files = SegmentPersistence.Get(system).Files;
        files.CreateDirectory(directory);
        _snapshots = new SnapshotFiles(files, directory);
        _payloads = new PayloadCodec((ExtendedActorSystem)system);
        _dispatcher = Context.Dispatcher;
        _scheduler = system.Scheduler;
    }

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        InOrder(() =>
    {
        if (_snapshots.Find(persistenceId, criteria) is not [.., var newest]) return null;
        using var from = new BinaryReader(new MemoryStream(_snapshots.Load(newest), writable: false));
        return new SelectedSnapshot(newest, _payloads.Read(from));
    });

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        using var content = new MemoryStream();
        using var to = new BinaryWriter(content);
        _payloads.Write(to, snapshot);
        to.Flush();
        var bytes = content.ToArray();
        return InOrder(() =>
        {
            _snapshots.Save(metadata, bytes, _scheduler.Now.ToUnixTimeMilliseconds());
            return true;
        });
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) => InOrder(() =>
    {
        // A time that is given bounds: a snapshot that was saved later under this number stays.
        var until = metadata.Timestamp == DateTime.MinValue ? DateTime.MaxValue : metadata.Timestamp;
        return DeleteAll(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, until, metadata.SequenceNr));
    });

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        InOrder(() => DeleteAll(persistenceId, criteria));

    private bool DeleteAll(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        foreach (var metadata in _snapshots.Find(persistenceId, criteria)) _snapshots.Delete(metadata);
        return true;
    }

    private Task<T> InOrder<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = RunAfterAsync(_last);
        return done.Task;

        async Task RunAfterAsync(Task earlier)
        {
            await earlier.ConfigureAwait(false);
            _dispatcher.Schedule(() =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            });
            await ((Task)done.Task).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }
    }
}
