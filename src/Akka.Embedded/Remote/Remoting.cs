using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Embedded.Transports;
using Akka.Event;
using Akka.Remote.Associations;
using Akka.Remote.Tcp;
using Akka.Remote.Wire;

namespace Akka.Remote;

/// <summary>The network side of a system: listens, and knows the way to others.</summary>
internal sealed partial class Remoting
{
    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    private readonly LogLevel? _eventLevel;
    private int _lastLinkId;

    public Remoting(ActorSystemImpl system, RemoteActorRefProvider provider)
    {
        System = system;
        Provider = provider;
        Settings = provider.RemoteSettings;
        Uid = AddressUidExtension.Uid(system);
        Dispatcher = system.Dispatchers.Lookup(Settings.Dispatcher);
        var tcp = TcpSettings.From(system);
        MaxFrameBytes = tcp.MaxFrameBytes;
        Transport = system.World.Transport?.Invoke(system) ?? new TcpTransport(system, tcp);
        Rules = new AssociationRules(Settings.RetryGateClosedFor, Settings.QuarantineDuration ?? TimeSpan.FromDays(5),
            Settings.QuarantineSilentSystemTimeout, Settings.SysMsgBufferSize, Settings.SysResendTimeout,
            Settings.SysResendLimit, Settings.InitialSysMsgDeliveryTimeout, Settings.TransportHeartbeatInterval,
            Settings.TransportAcceptablePause,
            Provider.Settings.Config.GetTimeSpan("akka.remote.dot-netty.tcp.connection-timeout"));
        _eventLevel = Settings.RemoteLifecycleEventsLogLevel == "OFF" ? null
            : Logging.LogLevelFor(Settings.RemoteLifecycleEventsLogLevel);
        _tooManyHandshakes = new OccasionalLog(this);
        _trouble = new OccasionalLog(this, linesAWhile: 50);
    }

    public ActorSystemImpl System { get; }
    public RemoteActorRefProvider Provider { get; }
    public RemoteSettings Settings { get; }
    public MessageDispatcher Dispatcher { get; }
    public ITransport Transport { get; }
    public AssociationRules Rules { get; }
    public Akka.Serialization.Serialization Serialization => System.Serialization;

    /// <summary>Tells this incarnation of the system from others.</summary>
    public int Uid { get; }

    /// <summary>Where others reach this system.</summary>
    public Address Address { get; private set; } = null!;

    /// <summary>The handshake that this system sends.</summary>
    public byte[] AssociateFrame { get; private set; } = null!;
    public TimeSpan Now => System.Scheduler.MonotonicClock;

    /// <summary>Starts to listen; inbound connections wait until <see cref="Open"/>.</summary>
    /// <exception cref="RemoteTransportException">It can't, or not in time.</exception>
    public void Listen()
    {
        try
        {
            var listening = Transport.ListenAsync(Accepted);
            if (!listening.IsCompleted && !listening.Wait(Settings.StartupTimeout))
                throw new TimeoutException($"It does not listen after {Settings.StartupTimeout} (akka.remote.startup-timeout).");
            var bare = listening.GetAwaiter().GetResult();
            Address = bare.WithProtocol(ControlFrames.PathProtocol(bare.Protocol));
        }
        catch (Exception e)
        {
            var cause = (e as AggregateException)?.InnerException ?? e;
            Publish(new RemotingErrorEvent(cause));
            _ = Transport.ShutdownAsync();
            throw new RemoteTransportException($"[{System.Name}] can't listen: {cause.Message}", cause);
        }
        AssociateFrame = ControlFrames.Associate(Address, Uid);
        System.Log.Info("Remoting listens at [{0}] with uid [{1}]", Address, Uid);
    }

    /// <summary>The way to the system at <paramref name="remote"/>.</summary>
    public Association AssociationWith(Address remote) =>
        _associations.TryGetValue(remote, out var known) ? known
            : _associations.GetOrAdd(remote, static (address, remoting) => new Association(remoting, address), this);

    /// <summary>Called while the association still keeps inputs out, so that whoever finds it forgotten finds a new one.
    /// </summary>
    public void Forget(Association association) =>
        _associations.TryRemove(new KeyValuePair<Address, Association>(association.Remote, association));

    public int NextLinkId() => Interlocked.Increment(ref _lastLinkId);

    /// <summary>Gives up an incarnation of another system.</summary>
    public void Quarantine(Address address, int? uid)
    {
        if (Provider.HasAddress(address)) return;
        var input = new AssociationProtocol.Quarantine(uid, "this system was asked to give it up");
        while (!AssociationWith(address).Step(input)) { }
    }

    /// <summary>Runs <paramref name="action"/> on remoting's dispatcher after a while.</summary>
    public ICancelable After(TimeSpan delay, Action action)
    {
        var timer = new Cancelable(System.Scheduler);
        try
        {
            System.Scheduler.Advanced.ScheduleOnce(delay, () => Dispatcher.Schedule(action), timer);
        }
        catch (SchedulerException)
        {
            timer.Cancel(); // The system has ended.
        }
        return timer;
    }

    public void Publish(RemotingLifecycleEvent happened)
    {
        System.EventStream.Publish(happened);
        if (_eventLevel is { } most && happened is AssociationEvent and not AssociationErrorEvent)
            System.Log.Log((LogLevel)Math.Max((int)happened.LogLevel(), (int)most), null, "{0}", [happened]);
    }
}
