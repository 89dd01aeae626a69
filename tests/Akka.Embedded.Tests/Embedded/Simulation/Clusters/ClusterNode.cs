using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Embedded.Simulation;

namespace Akka.Embedded.Tests.Embedded.Simulation.Clusters;

/// <summary>A node of the simulated cluster with what runs on it.</summary>
public sealed class ClusterNode
{
    public const string Singleton = "the singleton";
    private const int Shards = 6;

    private readonly IActorRef _client;
    private readonly TimeSpan _startedAt;

    public ClusterNode(SimulatedNode node)
    {
        Node = node;
        _startedAt = node.World.Now;
        var system = node.System;
        Cluster = Akka.Cluster.Cluster.Get(system);
        system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Resident(this, Singleton)), PoisonPill.Instance,
            ClusterSingletonManagerSettings.Create(system)), "single");
        var proxy = system.ActorOf(
            ClusterSingletonProxy.Props("/user/single", ClusterSingletonProxySettings.Create(system)), "proxy");
        var region = ClusterSharding.Get(system).Start("thing", id => Props.Create(() => new Resident(this, id)),
            ClusterShardingSettings.Create(system), new ByNumber());
        _client = system.ActorOf(Props.Create(() => new Client(this, proxy, region)), "client");
    }

    /// <summary>The entities; each shard has two.</summary>
    public static IReadOnlyList<string> Entities { get; } =
        [.. Enumerable.Range(0, 2 * Shards).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}"))];

    public SimulatedNode Node { get; }
    public Akka.Cluster.Cluster Cluster { get; }
    public string Name => Node.Name;

    /// <summary>What has been started here and has not stopped.</summary>
    public HashSet<string> Alive { get; } = [];

    /// <summary>Who says where it is, as this node hears it: the singleton and the entities. Old answers are forgotten.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    /// <summary>How long it has been running.</summary>
    public TimeSpan Age => Node.World.Now - _startedAt;

    /// <summary>It belongs to a cluster, as far as it knows.</summary>
    public bool IsMember => !Cluster.IsTerminated && Cluster.State.Members.Count > 0;

    /// <summary>It does something: it is not frozen.</summary>
    public bool IsAtWork => Node.State == NodeState.Running;

    /// <summary>It counts the other as a member that it reaches.</summary>
    public bool Sees(ClusterNode other)
    {
        var state = Cluster.State;
        var address = other.Cluster.SelfUniqueAddress;
        return state.Members.Any(m => m.UniqueAddress.Equals(address) && m.Status is MemberStatus.Up or MemberStatus.Leaving)
            && !state.Unreachable.Any(m => m.UniqueAddress.Equals(address));
    }

    /// <summary>Has a word with all that should be reached.</summary>
    public void Talk() => _client.Tell(Client.Talk);

    /// <summary>Asks everything where it is, again and again.</summary>
    private sealed class Client : ReceiveActor
    {
        public const string Talk = "talk";
        private const int Patience = 10;

        public Client(ClusterNode node, IActorRef proxy, IActorRef region)
        {
            var unanswered = new Dictionary<string, int>();
            var next = 0;
            Receive<string>(text => text == Talk, _ =>
            {
                Ask(Singleton, proxy);
                for (var i = 0; i < 3; i++, next++) Ask(Entities[next % Entities.Count], region);
            });
            Receive<string>(answer =>
            {
                var at = answer.IndexOf('@', StringComparison.Ordinal);
                unanswered[answer[..at]] = 0;
                node.Answers[answer[..at]] = answer[(at + 1)..];
            });

            void Ask(string whom, IActorRef by)
            {
                unanswered[whom] = unanswered.GetValueOrDefault(whom) + 1;
                if (unanswered[whom] > Patience) node.Answers.Remove(whom);
                by.Tell(whom);
            }
        }
    }

    /// <summary>The singleton or an entity: says where it is.</summary>
    private sealed class Resident : ReceiveActor
    {
        private readonly ClusterNode _node;
        private readonly string _name;

        public Resident(ClusterNode node, string name)
        {
            (_node, _name) = (node, name);
            ReceiveAny(_ => Sender.Tell($"{name}@{node.Name}"));
        }

        protected override void PreStart()
        {
            if (!_node.Alive.Add(_name)) throw new InvalidOperationException($"{_name} runs twice on {_node.Name}");
        }

        protected override void PostStop() => _node.Alive.Remove(_name);
    }

    private sealed class ByNumber : IMessageExtractor
    {
        public string? EntityId(object message) => message as string;
        public object? EntityMessage(object message) => message;
        public string? ShardId(object message) => message is string id ? ShardId(id) : null;

        public string ShardId(string entityId, object? messageHint = null) =>
            (int.Parse(entityId, CultureInfo.InvariantCulture) % Shards).ToString(CultureInfo.InvariantCulture);
    }
}
