using Akka.Actor;
using Akka.Event;
using static Akka.Cluster.Sharding.Internal.Protocol;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>One shard: parent of its entities. Runs <see cref="EntityTable{TRef, TMessage}"/>; its region starts it and watches
/// its end.</summary>
internal sealed class ShardActor : UntypedActor, IWithTimers
{
    private readonly string _shard;
    private readonly Func<string, Props> _entityProps;
    private readonly IMessageExtractor _extractor;
    private readonly object _handOffStopMessage;
    private readonly TimeSpan _idleAfter;
    private readonly TimeSpan _handOffPatience;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly EntityTable<IActorRef, Envelope> _entities;
    private bool _warnedFull;

    public ShardActor(string shard, Func<string, Props> entityProps, ClusterShardingSettings settings,
        IMessageExtractor extractor, object handOffStopMessage)
    {
        _shard = shard;
        _entityProps = entityProps;
        _extractor = extractor;
        _handOffStopMessage = handOffStopMessage;
        _idleAfter = settings.PassivateIdleEntityAfter;
        // The rest of the time is for the news of it to get around.
        var patience = settings.TuningParameters.HandOffTimeout - TimeSpan.FromSeconds(5);
        _handOffPatience = patience > TimeSpan.FromSeconds(1) ? patience : TimeSpan.FromSeconds(1);
        _entities = new(settings.TuningParameters.BufferSize);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        if (_idleAfter > TimeSpan.Zero) Timers.StartPeriodicTimer(nameof(IdleTick), IdleTick.Instance, _idleAfter / 2);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated: EntityGone(terminated.ActorRef); break;
            case Passivate passivate: Passivate(Sender, passivate.StopMessage); break;
            case IdleTick: PassivateIdle(); break;
            case HandOff: BeginHandOff(); break;
            case GetCurrentShardState: Sender.Tell(new ShardState(_shard, _entities.Ids)); break;
            case ShardRegion.StartEntity start: StartEntity(start.EntityId); break;
            default: Deliver(message); break;
        }
    }

    private void Deliver(object message)
    {
        var id = _extractor.EntityId(message);
        if (string.IsNullOrEmpty(id)) Context.System.DeadLetters.Tell(message, Sender);
        else Deliver(id, _extractor.EntityMessage(message) ?? message, Sender);
    }

    private void Deliver(string id, object message, IActorRef sender)
    {
        switch (_entities.Deliver(id, new Envelope(message, sender), out var entity))
        {
            case Route.Send: entity!.Tell(message, sender); break;
            case Route.StartAndSend when Start(id) is { } started: started.Tell(message, sender); break;
            case Route.StartAndSend: Context.System.DeadLetters.Tell(message, sender); break;
            case Route.Full: Overflow(message, sender); break;
            default: break; // Kept until the entity runs again.
        }
    }

    private void Overflow(object message, IActorRef sender)
    {
        if (!_warnedFull)
            _log.Warning("Shard [{0}]: the buffer for entities that are being stopped is full; messages go to dead letters "
                + "(akka.cluster.sharding.buffer-size)", _shard);
        _warnedFull = true;
        Context.System.DeadLetters.Tell(message, sender);
    }

    /// <returns>Null: it could not be made, which is logged.</returns>
    private IActorRef? Start(string id)
    {
        try
        {
            var entity = Context.Watch(Context.ActorOf(_entityProps(id), Uri.EscapeDataString(id)));
            _entities.Started(id, entity);
            return entity;
        }
        catch (Exception e)
        {
            // Props or name are of the user's making; the other entities are not to suffer.
            _log.Error(e, "Entity [{0}] of shard [{1}] can't be started", id, _shard);
            return null;
        }
    }

    private void StartEntity(string id)
    {
        if (_entities.Runs(id) || Start(id) is not null) Sender.Tell(new StartEntityAck(id, _shard));
    }

    private void Passivate(IActorRef entity, object stopMessage)
    {
        if (_entities.Passivate(entity)) entity.Tell(stopMessage);
    }

    private void PassivateIdle()
    {
        foreach (var entity in _entities.Tick()) Passivate(entity, _handOffStopMessage);
    }

    private void EntityGone(IActorRef entity)
    {
        if (!_entities.Gone(entity, out var id, out var waiting)) return;
        foreach (var (message, sender) in waiting.Select(w => (w.Message, w.Sender))) Deliver(id, message, sender);
    }

    private void BeginHandOff()
    {
        Become(HandingOff);
        Timers.CancelAll();
        foreach (var entity in _entities.All) entity.Tell(_handOffStopMessage);
        Timers.StartSingleTimer(nameof(HandOffOverdue), HandOffOverdue.Instance, _handOffPatience);
        StopWhenEmpty();
    }

    private void HandingOff(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                if (_entities.Gone(terminated.ActorRef, out _, out var waiting))
                    foreach (var each in waiting) Context.System.DeadLetters.Tell(each.Message, each.Sender);
                StopWhenEmpty();
                break;
            case HandOffOverdue:
                _log.Warning("Shard [{0}]: {1} entities did not stop within {2} and are stopped by force",
                    _shard, _entities.Count, _handOffPatience);
                foreach (var entity in _entities.All) Context.Stop(entity);
                break;
            case GetCurrentShardState: Sender.Tell(new ShardState(_shard, _entities.Ids)); break;
            case Sharding.Passivate or HandOff or IdleTick: break;
            default: Context.System.DeadLetters.Tell(message, Sender); break;
        }
    }

    private void StopWhenEmpty()
    {
        if (_entities.Count == 0) Context.Stop(Self);
    }

    private sealed class IdleTick : INoSerializationVerificationNeeded
    {
        public static readonly IdleTick Instance = new();
    }

    private sealed class HandOffOverdue : INoSerializationVerificationNeeded
    {
        public static readonly HandOffOverdue Instance = new();
    }
}
