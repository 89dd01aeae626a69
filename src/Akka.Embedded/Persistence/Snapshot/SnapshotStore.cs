using Akka.Actor;
using Akka.Pattern;

namespace Akka.Persistence.Snapshot;

/// <summary>
/// Base of snapshot stores: a plugin loads, saves and deletes; this class does the conversation with persistent actors and the
/// circuit breaker.
/// </summary>
public abstract class SnapshotStore : ActorBase
{
    private readonly CircuitBreaker _breaker;
    private readonly bool _publish;

    protected SnapshotStore()
    {
        var extension = Persistence.Instance.Apply(Context.System);
        _publish = extension.Settings.Internal.PublishPluginCommands;
        _breaker = PluginCircuitBreaker.Create(Context.System.Scheduler, extension.ConfigFor(Self));
    }

    /// <summary>The newest snapshot that the criteria take, or null.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Saves a snapshot; one with the same sequence number is replaced.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>
    /// Deletes a snapshot. A timestamp of <see cref="DateTime.MinValue"/> fits any; otherwise a snapshot that is newer stays.
    /// </summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes all snapshots that the criteria take.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Messages that are the plugin's own, and the answers that it wants to see.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    protected sealed override bool Receive(object message)
    {
        switch (message)
        {
            case LoadSnapshot load when load.Criteria.Equals(SnapshotSelectionCriteria.None):
                Sender.Tell(new LoadSnapshotResult(null, load.ToSequenceNr), Self);
                return true;
            case LoadSnapshot load:
                Answer(
                    load,
                    _breaker.WithCircuitBreaker(() => LoadAsync(load.PersistenceId, load.Criteria.Limit(load.ToSequenceNr))),
                    snapshot => new LoadSnapshotResult(snapshot, load.ToSequenceNr),
                    cause => new LoadSnapshotFailed(cause));
                return true;
            case SaveSnapshot save:
                Save(save);
                return true;
            case DeleteSnapshot delete:
                Answer(
                    delete,
                    _breaker.WithCircuitBreaker(() => DeleteAsync(delete.Metadata)),
                    () => new DeleteSnapshotSuccess(delete.Metadata),
                    cause => new DeleteSnapshotFailure(delete.Metadata, cause));
                return true;
            case DeleteSnapshots delete:
                Answer(
                    delete,
                    _breaker.WithCircuitBreaker(() => DeleteAsync(delete.PersistenceId, delete.Criteria)),
                    () => new DeleteSnapshotsSuccess(delete.Criteria),
                    cause => new DeleteSnapshotsFailure(delete.Criteria, cause));
                return true;
            case Answered answered:
                if (answered.Answer is SaveSnapshotFailure failure) _ = Forget(failure.Metadata);
                ReceivePluginInternal(answered.Answer);
                answered.To.Tell(answered.Answer, Self);
                if (_publish) Context.System.EventStream.Publish(answered.Request);
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private void Save(SaveSnapshot save)
    {
        var metadata = save.Metadata.Timestamp == DateTime.MinValue
            ? new SnapshotMetadata(
                save.Metadata.PersistenceId, save.Metadata.SequenceNr, Context.System.Scheduler.Now.UtcDateTime)
            : save.Metadata;
        Answer(
            save,
            _breaker.WithCircuitBreaker(() => SaveAsync(metadata, save.Snapshot)),
            () => new SaveSnapshotSuccess(metadata),
            cause => new SaveSnapshotFailure(metadata, cause));
    }

    /// <summary>What a failed save may have left behind is no snapshot. If that fails too, loading will refuse it.</summary>
    private Task Forget(SnapshotMetadata metadata) => _breaker.WithCircuitBreaker(() => DeleteAsync(metadata));

    private void Answer(ISnapshotRequest request, Task task, Func<ISnapshotResponse> success,
        Func<Exception, ISnapshotResponse> failure)
    {
        var to = Sender;
        task.PipeTo(
            Self,
            success: () => new Answered(request, to, success()),
            failure: cause => new Answered(request, to, failure(Unwrapped(cause))));
    }

    private void Answer<T>(
        ISnapshotRequest request, Task<T> task, Func<T, ISnapshotResponse> success, Func<Exception, ISnapshotResponse> failure)
    {
        var to = Sender;
        task.PipeTo(
            Self,
            success: result => new Answered(request, to, success(result)),
            failure: cause => new Answered(request, to, failure(Unwrapped(cause))));
    }

    private static Exception Unwrapped(Exception cause) =>
        cause is AggregateException { InnerExceptions: [var only] } ? only : cause;

    /// <summary>
    /// A request is carried out; said by this store to itself, so that the plugin sees the answer in its own turn.
    /// </summary>
    private sealed record Answered(ISnapshotRequest Request, IActorRef To, ISnapshotResponse Answer);
}
