using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>The provider that <c>akka.actor.provider = cluster</c> names: remoting, and a membership from the start.</summary>
public class ClusterActorRefProvider : RemoteActorRefProvider, IClusterActorRefProvider, INetworkedProvider
{
    private ActorSystemImpl _system = null!;

    public ClusterActorRefProvider(string systemName, Settings settings, EventStream eventStream)
        : base(systemName, WithDefaults(settings), eventStream)
    {
    }

    public override void Init(ActorSystemImpl system)
    {
        base.Init(system);
        _system = system;
    }

    void INetworkedProvider.Open()
    {
        var cluster = Cluster.Get(_system);
        cluster.Subscribe(RemoteWatcher, typeof(ClusterEvent.IMemberEvent));
        Remoting?.Open();
    }

    private protected override IActorRef CreateRemoteWatcher(ActorSystemImpl system) => system.SystemActorOf(
        RemoteSettings.ConfigureDispatcher(ClusterRemoteWatcher.Props(CreateRemoteWatcherFailureDetector(system),
            RemoteSettings.WatchHeartBeatInterval, RemoteSettings.WatchUnreachableReaperInterval,
            RemoteSettings.WatchHeartbeatExpectedResponseAfter)), "remote-watcher");

    private static Settings WithDefaults(Settings settings)
    {
        settings.InjectTopLevelFallback(ClusterSettings.DefaultConfig());
        // A node that has started neither gets messages of those that have, and must be able to read them.
        settings.InjectTopLevelFallback(ClusterSingletonManager.DefaultConfig());
        settings.InjectTopLevelFallback(ClusterSharding.DefaultConfig());
        return settings;
    }
}
