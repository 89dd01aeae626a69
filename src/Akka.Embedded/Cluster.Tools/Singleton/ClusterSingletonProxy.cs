using Akka.Actor;
using Akka.Actor.Timers;
using Akka.Cluster.Tools.Singleton.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Forwards every message to the singleton, wherever it runs. While it doesn't know where, it keeps as many as its buffer takes
/// and looks for the singleton on the oldest member. Messages under way when the singleton moves may be lost.
/// </summary>
public sealed class ClusterSingletonProxy : ReceiveActor
{
    private readonly ClusterSingletonProxySettings _settings;
    private readonly string[] _singletonPath;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<Envelope> _buffer = [];
    private readonly TimerScheduler _timers;
    private Elders _elders;
    private UniqueAddress? _oldest;
    private IActorRef? _singleton;
    private string _searchId = "";
    private long _searches;

    public ClusterSingletonProxy(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        _settings = settings;
        _timers = new TimerScheduler(this, Context);
        _singletonPath = [.. singletonManagerPath.Split('/', StringSplitOptions.RemoveEmptyEntries), settings.SingletonName];
        _elders = Elders.None(settings.Role);
        Receive<ClusterEvent.CurrentClusterState>(state => See(Elders.Of(settings.Role, state.Members)));
        Receive<ClusterEvent.MemberRemoved>(removed => See(_elders.Without(removed.Member.UniqueAddress)));
        Receive<ClusterEvent.IMemberEvent>(changed => See(_elders.With(changed.Member)));
        Receive<ActorIdentity>(Identified);
        Receive<SearchTick>(_ => Identify());
        Receive<Terminated>(_ => Lost(), terminated => terminated.ActorRef.Equals(_singleton));
        ReceiveAny(Deliver);
    }

    /// <summary>The defaults of <c>akka.cluster.singleton</c> and <c>akka.cluster.singleton-proxy</c>.</summary>
    public static Config DefaultConfig() => ClusterSingletonManager.DefaultConfig();

    /// <param name="singletonManagerPath">Path of the managers, without address: <c>/user/name</c>.</param>
    /// <param name="settings">Name, role and times.</param>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings) =>
        Akka.Actor.Props.Create(() => new ClusterSingletonProxy(singletonManagerPath, settings))
            .WithDispatcher(Dispatchers.InternalDispatcherId).WithDeploy(Deploy.Local);

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop()
    {
        _timers.CancelAll();
        _cluster.Unsubscribe(Self);
    }

    private void See(Elders elders)
    {
        _elders = elders;
        if (elders.Oldest?.UniqueAddress == _oldest) return;
        _oldest = elders.Oldest?.UniqueAddress;
        Lost();
    }

    private void Lost()
    {
        if (_singleton is not null) Context.Unwatch(_singleton);
        _singleton = null;
        _searchId = $"singleton-search-{++_searches}"; // An answer to an earlier search may name one that has moved.
        if (_oldest is null) _timers.CancelAll();
        else
            _timers.StartPeriodicTimer(nameof(SearchTick), SearchTick.Instance, TimeSpan.Zero,
                _settings.SingletonIdentificationInterval);
    }

    private void Identify()
    {
        if (_oldest is null) return;
        Context.ActorSelection(new RootActorPath(_oldest.Address) / _singletonPath).Tell(new Identify(_searchId));
    }

    private void Identified(ActorIdentity identity)
    {
        if (!Equals(identity.MessageId, _searchId) || identity.Subject is null || _singleton is not null) return;
        _singleton = Context.Watch(identity.Subject);
        _timers.CancelAll();
        _log.Info("Singleton is at [{0}]", _singleton.Path);
        while (_buffer.TryDequeue(out var waiting)) _singleton.Tell(waiting.Message, waiting.Sender);
    }

    private void Deliver(object message)
    {
        if (_singleton is not null) _singleton.Forward(message);
        else
        {
            _buffer.Enqueue(new Envelope(message, Sender));
            if (_buffer.Count <= _settings.BufferSize) return;
            var oldest = _buffer.Dequeue();
            Context.System.DeadLetters.Tell(oldest.Message, oldest.Sender);
        }
    }

    private sealed class SearchTick
    {
        public static readonly SearchTick Instance = new();
    }
}
