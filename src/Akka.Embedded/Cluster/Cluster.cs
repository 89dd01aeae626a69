using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>This node's membership in the cluster: whom it knows, what it hears of, what it may ask for.</summary>
/// <remarks>Needs <c>akka.actor.provider = cluster</c>. Safe for any thread; commands are carried out later.</remarks>
public partial class Cluster : IExtension
{
    private readonly IActorRef _daemon;

    public Cluster(ActorSystemImpl system)
    {
        System = system;
        _ended = new TaskCompletionSource<Done>(Embedded.Completion.Options(system.Settings));
        Settings = new ClusterSettings(system.Settings.Config, system.Name);
        SelfUniqueAddress = AddressOf(system);
        Log = Logging.GetLogger(system, $"Cluster({SelfAddress})");
        View = new ClusterView(SelfUniqueAddress);
        FailureDetector = new DefaultFailureDetectorRegistry<Address>(() => FailureDetectorLoader.Load(
            Settings.FailureDetectorImplementationClass, Settings.FailureDetectorConfig, system));
        DowningProvider = (IDowningProvider)Activator.CreateInstance(Settings.DowningProviderType, system, this)!;
        _daemon = system.SystemActorOf(ClusterDaemon.Props(this), "cluster");
        AddShutdownTasks(CoordinatedShutdown.Get(system));
    }

    public ExtendedActorSystem System { get; }
    public ClusterSettings Settings { get; }
    public UniqueAddress SelfUniqueAddress { get; }
    public Address SelfAddress => SelfUniqueAddress.Address;
    public ImmutableHashSet<string> SelfRoles => Settings.Roles;
    public DefaultFailureDetectorRegistry<Address> FailureDetector { get; }
    public IDowningProvider DowningProvider { get; }

    /// <summary>The cluster as the events so far have it; subscribers may not have them all yet.</summary>
    public ClusterEvent.CurrentClusterState State => View.State;

    /// <summary>This node; as Removed before it is let in and after it has gone.</summary>
    public Member SelfMember => View.Self;

    /// <summary>This node is Up or WeaklyUp.</summary>
    public bool IsUp => !IsTerminated && SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp;

    internal ClusterView View { get; }
    internal ILoggingAdapter Log { get; }

    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    /// <summary>The subscriber gets the current state, and then each event of these types.</summary>
    /// <exception cref="ArgumentException">No type, or one that is no <see cref="ClusterEvent.IClusterDomainEvent"/>.</exception>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    /// <summary>As <see cref="Subscribe(IActorRef, Type[])"/>, with a choice of how the current state is told.</summary>
    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        if (to.Length == 0) throw new ArgumentException("Name at least one type of IClusterDomainEvent.", nameof(to));
        if (Array.Find(to, t => !typeof(ClusterEvent.IClusterDomainEvent).IsAssignableFrom(t)) is { } other)
            throw new ArgumentException($"[{other}] is no IClusterDomainEvent.", nameof(to));
        _daemon.Tell(new ClusterCommand.Subscribe(subscriber, initialStateMode, [.. to]), ActorRefs.NoSender);
    }

    public void Unsubscribe(IActorRef subscriber) =>
        _daemon.Tell(new ClusterCommand.Unsubscribe(subscriber, null), ActorRefs.NoSender);

    public void Unsubscribe(IActorRef subscriber, Type to) =>
        _daemon.Tell(new ClusterCommand.Unsubscribe(subscriber, to), ActorRefs.NoSender);

    /// <summary>Sends a <see cref="ClusterEvent.CurrentClusterState"/> once.</summary>
    public void SendCurrentClusterState(IActorRef receiver) =>
        _daemon.Tell(new ClusterCommand.SendCurrentState(receiver), ActorRefs.NoSender);

    /// <summary>The path under which other nodes know an actor.</summary>
    public ActorPath RemotePathOf(IActorRef actorRef) => actorRef.Path.Address.HasGlobalScope
        ? actorRef.Path
        : ActorPath.Parse(actorRef.Path.ToSerializationFormatWithAddress(SelfAddress));

    /// <summary>Runs <paramref name="callback"/> once this node is Up; at once, if it is.</summary>
    public void RegisterOnMemberUp(Action callback) =>
        _daemon.Tell(new ClusterCommand.OnSelf(MemberStatus.Up, callback), ActorRefs.NoSender);

    /// <summary>Runs <paramref name="callback"/> once this node has been removed, or its part in the cluster has ended.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        if (IsTerminated) callback();
        else _daemon.Tell(new ClusterCommand.OnSelf(MemberStatus.Removed, callback), ActorRefs.NoSender);
    }
}
