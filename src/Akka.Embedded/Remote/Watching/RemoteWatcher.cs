using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Watches actors of other systems for those of this one, and probes their systems by heartbeats: an actor of a lost
/// system can't tell of its end. One for each system, at /system/remote-watcher.</summary>
/// <remarks>A system that stays silent is quarantined, and all who watch an actor there get <see cref="Terminated"/> with
/// <see cref="Terminated.AddressTerminated"/>. The rules are in <see cref="WatchedSystems"/>.</remarks>
public partial class RemoteWatcher : UntypedActor, IRequiresMessageQueue<IUnboundedMessageQueueSemantics>
{
    protected readonly ILoggingAdapter Log = Context.GetLogger();
    private readonly WatchedSystems _systems;
    private readonly TimeSpan _expectedResponseAfter;
    private readonly HeartbeatRsp _answer;
    private readonly ICancelable _ticks;

    /// <param name="failureDetector">A detector for each watched system.</param>
    /// <param name="heartbeatInterval">How often they are probed.</param>
    /// <param name="unreachableReaperInterval">How often the detectors are asked.</param>
    /// <param name="heartbeatExpectedResponseAfter">When the first answer of a system is expected at the latest.</param>
    public RemoteWatcher(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter)
    {
        _systems = new(failureDetector);
        _expectedResponseAfter = heartbeatExpectedResponseAfter;
        _answer = new(AddressUidExtension.Uid(Context.System));
        _ticks = new Cancelable(Context.System.Scheduler.Advanced);
        var scheduler = Context.System.Scheduler;
        scheduler.ScheduleTellRepeatedly(heartbeatInterval, heartbeatInterval, Self, HeartbeatTick.Instance, Self, _ticks);
        scheduler.ScheduleTellRepeatedly(unreachableReaperInterval, unreachableReaperInterval, Self,
            ReapUnreachableTick.Instance, Self, _ticks);
    }

    public static Props Props(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter) =>
        Actor.Props.Create(() => new RemoteWatcher(failureDetector, heartbeatInterval, unreachableReaperInterval,
            heartbeatExpectedResponseAfter));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HeartbeatTick: SendHeartbeats(); break;
            case Heartbeat: Sender.Tell(_answer); break;
            case HeartbeatRsp answer: Answered(Sender.Path.Address, answer.AddressUid); break;
            case ReapUnreachableTick: ReapSilent(); break;
            case ExpectedFirstHeartbeat expected: _systems.FirstAnswerExpected(expected.From); break;
            case WatchRemote watch: AddWatching(watch.Watchee, watch.Watcher); break;
            case UnwatchRemote unwatch: RemoveWatch(unwatch.Watchee, unwatch.Watcher); break;
            case Terminated stopped: Stopped(stopped); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        _ticks.Cancel();
        base.PostStop();
    }

    protected void AddWatching(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        _systems.Watch(watchee, watcher);
        WatchNode(watchee);
        Context.Watch(watchee); // This one goes to the other system.
    }

    protected void RemoveWatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (_systems.Unwatch(watchee, watcher)) Context.Unwatch(watchee);
    }

    /// <summary>Starts to probe the system of <paramref name="watchee"/>, unless somebody else does.</summary>
    protected virtual void WatchNode(IInternalActorRef watchee) => _systems.Probe(watchee.Path.Address);

    /// <summary>Stops to probe a system.</summary>
    protected void UnwatchNode(Address watcheeAddress) => _systems.StopProbing(watcheeAddress);

    /// <summary>Lets all who watch actors of that system know that they are gone.</summary>
    protected virtual void PublishAddressTerminated(Address address) =>
        ((Actor.Internal.ActorSystemImpl)Context.System).AddressTerminatedTopic.Publish(address);

    protected virtual void Quarantine(Address address, int? addressUid) =>
        (((ExtendedActorSystem)Context.System).Provider as IRemoteActorRefProvider)?.Quarantine(address, addressUid);

    private void SendHeartbeats()
    {
        var scheduler = Context.System.Scheduler;
        foreach (var (address, answered) in _systems.Probed)
        {
            if (!answered)
                scheduler.ScheduleTellOnce(_expectedResponseAfter, Self, new ExpectedFirstHeartbeat(address), Self);
            Context.ActorSelection(new RootActorPath(address) / Self.Path.Elements).Tell(Heartbeat.Instance, Self);
        }
    }

    private void Answered(Address address, int uid)
    {
        var self = (IInternalActorRef)Self;
        foreach (var watchee in _systems.Answered(address, uid)) watchee.SendSystemMessage(new Watch(watchee, self));
    }

    private void ReapSilent()
    {
        foreach (var (address, uid) in _systems.Silent())
        {
            Log.Warning("System [{0}] is lost: it has not answered heartbeats for too long. Quarantined, uid [{1}].", address,
                uid?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown");
            Quarantine(address, uid);
            PublishAddressTerminated(address);
        }
    }

    // Of a lost system its watchers have been told already, but for those who have begun to watch since.
    private void Stopped(Terminated stopped)
    {
        foreach (var (watchee, watcher) in _systems.Stopped(stopped.ActorRef))
        {
            Context.Unwatch(watchee); // One without incarnation may be watched besides the one that has stopped.
            watcher.SendSystemMessage(
                new DeathWatchNotification(watchee, stopped.ExistenceConfirmed, stopped.AddressTerminated));
        }
    }
}
