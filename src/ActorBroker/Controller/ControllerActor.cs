using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Persistence;
using Microsoft.Extensions.Logging;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Controller;

/// <summary>
/// Runs <see cref="ClusterState"/> on a journal. Every change is durable before anyone hears of it: first whoever follows the
/// metadata, then who asked.
/// </summary>
/// <remarks>When the journal fails, the actor stops, as nobody knows what is in it; its supervisor starts it again from
/// there.</remarks>
internal sealed partial class ControllerActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>So many events are replayed at a start at most.</summary>
    private const int EventsPerSnapshot = 1000;

    /// <summary>A request is repeated within seconds, so that these are all that may be.</summary>
    private const int RememberedAnswers = 1024;

    /// <summary>Of one request; it may name thousands of partitions.</summary>
    private const int LoggedRefusals = 10;

    private readonly ControllerPolicy _policy;
    private readonly Action<Exception> _recoveryFailed;
    private readonly ILogger _log;
    private readonly RecentAnswers<Decided> _answers = new(RememberedAnswers);
    private ClusterState _state = ClusterState.Empty;

    /// <param name="policy">What it goes by.</param>
    /// <param name="recoveryFailed">Told when the journal could not be read; another controller tries.</param>
    /// <param name="log">Where it logs.</param>
    public static Props Props(ControllerPolicy policy, Action<Exception> recoveryFailed, ILogger log) =>
        Akka.Actor.Props.Create(() => new ControllerActor(policy, recoveryFailed, log));

    public ControllerActor(ControllerPolicy policy, Action<Exception> recoveryFailed, ILogger log)
    {
        (_policy, _recoveryFailed, _log) = (policy, recoveryFailed, log);
        Recover<SnapshotOffer>(offer =>
        {
            _state = ((ClusterSnapshot)offer.Snapshot).Restore();
            _history.Begin(_state.Image.Version);
        });
        Recover<MetadataEvent>(Apply);
        Recover<RecoveryCompleted>(_ => ControllerLog.Recovered(_log, _state.Image.Version, _state.Image.Topics.Count));
        Command<Request>(request =>
        {
            if (_answers.TryGet(request.Asker, request.Number, out var answer)) Sender.Tell(answer);
            else Handle(request.Command, request);
        });
        Command<ClusterCommand>(command => Handle(command, null)); // The controller's own.
        Command<Follow>(Heard);
        Command<Terminated>(gone => _followers.Remove(gone.ActorRef));
        Command<BrokersInReach>(SeeNodes);
        Command<GraceIsOver>(_ =>
        {
            _graceIsOver = true;
            if (_reach is not null) FenceMissing(_reach);
        });
        Command<LookAtLeaders>(_ =>
        {
            if (LeaderImbalance.IsAbove(_state.Image, _policy.ImbalancePercentage))
                Handle(new ClusterCommand.ElectLeaders(ElectionType.Preferred), null);
        });
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => ControllerLog.SnapshotFailed(_log, failed.Cause));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(_ => { }); // An old snapshot that stays does no harm.
    }

    public override string PersistenceId => "controller";

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartSingleTimer(GraceIsOver.Instance, GraceIsOver.Instance, _policy.BrokerSessionTimeout);
        // A broker alone leads all that there is.
        if (_policy.RebalanceInterval is { } interval)
            Timers.StartPeriodicTimer(LookAtLeaders.Instance, LookAtLeaders.Instance, interval);
    }

    private sealed record LookAtLeaders
    {
        public static readonly LookAtLeaders Instance = new();
    }

    private void Handle(ClusterCommand command, Request? request)
    {
        var registration = command as ClusterCommand.RegisterBroker;
        if (registration is not null)
            command = registration with { RivalIsAlive = RivalIsAlive(registration, NodeOf(Sender)) };
        var decision = _state.Handle(command, _policy);
        if (registration is not null && decision.Answer is ClusterCommand.RegisterBroker.Answer { Verdict.IsOk: true })
            _nodes[registration.Broker] = NodeOf(Sender);
        if (decision.Events.IsEmpty)
        {
            Answer(decision.Answer, request);
            return;
        }
        var from = _state.Image.Version;
        var left = decision.Events.Length;
        _asked = request;
        PersistAll(decision.Events, change =>
        {
            Apply(change);
            ControllerLog.Happened(_log, _state.Image.Version, change);
            if (--left > 0) return;
            _asked = null;
            Publish(new MetadataDelta(from, decision.Events));
            Answer(decision.Answer, request);
            if (_state.Image.Version / EventsPerSnapshot > from / EventsPerSnapshot) SaveSnapshot(ClusterSnapshot.Of(_state));
        });
    }

    /// <summary>What is being persisted was asked for by this.</summary>
    private Request? _asked;

    private void Apply(MetadataEvent change)
    {
        _state = _state.Apply(change);
        _history.Add(change);
        if (change is MetadataEvent.BrokerRegistered(var broker)) _changedAt[broker.Id] = _state.Image.Version;
        if (change is MetadataEvent.BrokerChanged { IsFenced: true } fenced) _changedAt[fenced.Broker] = _state.Image.Version;
    }

    private void Answer(ClusterAnswer answer, Request? request)
    {
        if (request is null) return;
        if (!IsKnownRival(request.Command, answer)) LogRefusals(answer);
        var decided = new Decided(request.Number, answer, _state.Image.Version);
        _answers.Add(request.Asker, request.Number, decided);
        Sender.Tell(decided);
    }

    private void LogRefusals(ClusterAnswer answer)
    {
        var count = 0;
        foreach (var (what, verdict) in Refusals.Of(answer))
            if (++count <= LoggedRefusals) ControllerLog.Refuses(_log, NodeOf(Sender), what, verdict.Error, verdict.Message);
        if (count > LoggedRefusals) ControllerLog.RefusesMore(_log, count - LoggedRefusals);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Refuse(cause);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // Nothing of the decision is stored, so nothing of it has happened; who asked must not wait for it.
        Refuse(cause);
        base.OnPersistRejected(cause, @event, sequenceNr);
    }

    private void Refuse(Exception cause)
    {
        ControllerLog.PersistFailed(_log, cause);
        if (_asked is not null) Sender.Tell(new Failed(_asked.Number, cause.Message));
        _asked = null;
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        ControllerLog.RecoveryFailed(_log, reason);
        _recoveryFailed(reason);
        base.OnRecoveryFailure(reason, message);
    }
}
