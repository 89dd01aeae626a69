using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using Akka.Actor;
using Akka.Persistence;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Controller;

/// <summary>
/// <c>/user/controller</c>: runs <see cref="ClusterState"/> on a journal. Every change is durable before anyone hears of it:
/// first whoever follows the metadata, then who asked.
/// </summary>
/// <remarks>When the journal fails, the actor stops, as nobody knows what is in it; its supervisor starts it again from
/// there.</remarks>
internal sealed class ControllerActor : ReceivePersistentActor
{
    /// <summary>So many events are replayed at a start at most.</summary>
    private const int EventsPerSnapshot = 1000;

    private readonly ControllerPolicy _policy;
    private readonly IActorRef _follower;
    private readonly ILogger _log;
    private ClusterState _state = ClusterState.Empty;

    /// <summary>The whole state, to those who follow: at the start, and again whenever the controller was restarted.</summary>
    public sealed record Recovered(MetadataImage Image);

    /// <summary>To those who follow: the journal could not be read. Another controller tries.</summary>
    public sealed record RecoveryFailed(Exception Cause);

    /// <summary>The answer to a <see cref="ClusterCommand"/>.</summary>
    /// <param name="Version">Of the first image that shows what was decided.</param>
    public sealed record Decided(ClusterAnswer Answer, long Version);

    /// <param name="follower">Hears <see cref="Recovered"/>, and then each <see cref="MetadataDelta"/> in order.</param>
    public static Props Props(ControllerPolicy policy, IActorRef follower, ILogger log) =>
        Akka.Actor.Props.Create(() => new ControllerActor(policy, follower, log));

    public ControllerActor(ControllerPolicy policy, IActorRef follower, ILogger log)
    {
        (_policy, _follower, _log) = (policy, follower, log);
        Recover<SnapshotOffer>(offer => _state = ((ClusterSnapshot)offer.Snapshot).Restore());
        Recover<MetadataEvent>(change => _state = _state.Apply(change));
        Recover<RecoveryCompleted>(_ =>
        {
            ControllerLog.Recovered(_log, _state.Image.Version, _state.Image.Topics.Count);
            _follower.Tell(new Recovered(_state.Image));
        });
        Command<ClusterCommand>(Handle);
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => ControllerLog.SnapshotFailed(_log, failed.Cause));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { }); // An old snapshot that stays does no harm.
    }

    public override string PersistenceId => "controller";

    private void Handle(ClusterCommand command)
    {
        var decision = _state.Handle(command, _policy);
        if (decision.Events.IsEmpty)
        {
            Sender.Tell(new Decided(decision.Answer, _state.Image.Version));
            return;
        }
        var from = _state.Image.Version;
        var left = decision.Events.Length;
        PersistAll(decision.Events, change =>
        {
            _state = _state.Apply(change);
            ControllerLog.Happened(_log, _state.Image.Version, change);
            if (--left > 0) return;
            _follower.Tell(new MetadataDelta(from, decision.Events));
            Sender.Tell(new Decided(decision.Answer, _state.Image.Version));
            if (_state.Image.Version / EventsPerSnapshot > from / EventsPerSnapshot) SaveSnapshot(ClusterSnapshot.Of(_state));
        });
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        ControllerLog.PersistFailed(_log, cause);
        Sender.Tell(new Status.Failure(cause));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // Nothing of the decision is stored, so nothing of it has happened; who asked must not wait for it.
        ControllerLog.PersistFailed(_log, cause);
        Sender.Tell(new Status.Failure(cause));
        base.OnPersistRejected(cause, @event, sequenceNr);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        ControllerLog.RecoveryFailed(_log, reason);
        _follower.Tell(new RecoveryFailed(reason));
        base.OnRecoveryFailure(reason, message);
    }
}
