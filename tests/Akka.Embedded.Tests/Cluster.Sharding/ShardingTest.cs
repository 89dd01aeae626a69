using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Embedded.Tests.Cluster;
using Akka.Event;
using Node = Akka.Cluster.Cluster;

namespace Akka.Embedded.Tests.Cluster.Sharding;

/// <summary>Entities that say who they are, on nodes that are connected by TCP.</summary>
public abstract class ShardingTest : ClusterTest
{
    protected const string Hocon = """
        akka.cluster.singleton.hand-over-retry-interval = 100ms
        akka.cluster.sharding {
          state-store-mode = ddata
          retry-interval = 200ms
          rebalance-interval = 200ms
          region-registration-timeout = 5s
          passivate-idle-entity-after = off
        }
        """;

    protected static readonly IMessageExtractor Extractor = HashCodeMessageExtractor.Create(10,
        message => (message as ShardingEnvelope)?.EntityId, message => ((ShardingEnvelope)message).Message);

    /// <summary>The shard is what is before the colon of an id.</summary>
    protected sealed class ShardInId : IMessageExtractor
    {
        public string? EntityId(object message) => (message as ShardingEnvelope)?.EntityId;
        public object? EntityMessage(object message) => ((ShardingEnvelope)message).Message;
        public string? ShardId(object message) => ShardId(EntityId(message)!, message);
        public string ShardId(string entityId, object? messageHint = null) => entityId.Split(':')[0];
    }

    /// <summary>Entities that run, the most that have ever run at a time, and how often they were started, by id.</summary>
    protected ConcurrentDictionary<string, (int Now, int Most, int Starts)> Running { get; } = [];

    private readonly ConcurrentQueue<object> _seen = [];

    /// <summary>What entities have heard, in the order in which they have.</summary>
    protected IReadOnlyCollection<object> Seen => _seen;

    /// <summary>Answers "id incarnation at address"; "passivate" asks for its end, "stop" is it.</summary>
    private sealed class Counter : ReceiveActor
    {
        private readonly string _id;
        private readonly ConcurrentDictionary<string, (int Now, int Most, int Starts)> _running;
        private int _incarnation;

        public Counter(string id, string here, ConcurrentDictionary<string, (int Now, int Most, int Starts)> running,
            ConcurrentQueue<object> seen)
        {
            _id = id;
            _running = running;
            Receive<string>(text => text == "passivate", _ => Context.Parent.Tell(new Passivate("stop")));
            Receive<string>(text => text == "stop", _ => Context.Stop(Self));
            ReceiveAny(message =>
            {
                seen.Enqueue(message);
                Sender.Tell($"{id} {_incarnation} at {here}");
            });
        }

        protected override void PreStart() => _incarnation = _running.AddOrUpdate(_id, _ => (1, 1, 1),
            (_, n) => (n.Now + 1, Math.Max(n.Most, n.Now + 1), n.Starts + 1)).Starts;

        protected override void PostStop() => _running.AddOrUpdate(_id, _ => default, (_, n) => n with { Now = n.Now - 1 });
    }

    protected Props Entity(Node node, string id)
    {
        var (here, running, seen) = (node.SelfAddress.ToString(), Running, _seen);
        return Props.Create(() => new Counter(id, here, running, seen));
    }

    protected IActorRef StartRegion(Node node, IShardAllocationStrategy? strategy = null, IMessageExtractor? extractor = null,
        Func<ClusterShardingSettings, ClusterShardingSettings>? change = null)
    {
        var sharding = ClusterSharding.Get(node.System);
        var singleton = sharding.Settings.CoordinatorSingletonSettings.WithRemovalMargin(TimeSpan.FromMilliseconds(300));
        var settings = sharding.Settings.WithCoordinatorSingletonSettings(singleton);
        settings = change?.Invoke(settings) ?? settings;
        return sharding.Start("counter", id => Entity(node, id), settings, extractor ?? Extractor,
            strategy ?? sharding.DefaultShardAllocationStrategy(settings), "stop");
    }

    /// <summary>Asks until there is an answer: what is lost while shards move is sent again.</summary>
    protected static async Task<string> Ask(IActorRef region, string id, string text = "m")
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await region.Ask<string>(new ShardingEnvelope(id, text), TimeSpan.FromSeconds(1));
            }
            catch (AskTimeoutException) when (!patience.IsCancellationRequested)
            {
                // Again.
            }
        }
    }

    protected static async Task<string> WhereIs(IActorRef region, string id) => (await Ask(region, id)).Split(" at ")[1];

    protected void NeverTwo() => Assert.All(Running, r => Assert.Equal(1, r.Value.Most));

    protected static string[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => $"e{i}")];

    protected static (IActorRef Actor, ConcurrentQueue<object> Seen) DeadLettersOf(Node node)
    {
        var graveyard = Listen(node);
        node.System.EventStream.Subscribe(graveyard.Actor, typeof(DeadLetter));
        return graveyard;
    }
}
