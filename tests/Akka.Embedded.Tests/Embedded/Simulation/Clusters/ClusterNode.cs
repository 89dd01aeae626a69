using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Embedded.Simulation;

namespace Akka.Embedded.Tests.Embedded.Simulation.Clusters;

/// <summary>A node of the simulated cluster with what runs on it.</summary>
public sealed class ClusterNode
{
    public const string Singleton = "the singleton";

    private readonly IActorRef _client;

    public ClusterNode(SimulatedNode node)
    {
        Node = node;
        Cluster = Akka.Cluster.Cluster.Get(node.System);
        var system = node.System;
        system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Resident(this, Singleton)), PoisonPill.Instance,
            ClusterSingletonManagerSettings.Create(system)), "single");
        var proxy = system.ActorOf(ClusterSingletonProxy.Props("/user/single", ClusterSingletonProxySettings.Create(system)), "proxy");
        _client = system.ActorOf(Props.Create(() => new Client(this, proxy)), "client");
    }

    public SimulatedNode Node { get; }
    public Akka.Cluster.Cluster Cluster { get; }
    public string Name => Node.Name;

    /// <summary>What has been started here and has not stopped.</summary>
    public HashSet<string> Alive { get; } = [];

    /// <summary>Where the singleton is, by its latest answer; null while one is awaited for long.</summary>
    public string? SingletonAnswers { get; private set; }

    /// <summary>It does something: it is not frozen, and has not been told to stop.</summary>
    public bool RunsWithWork => Node.State == NodeState.Running && !Cluster.IsTerminated;

    /// <summary>It counts the other as a member that it reaches.</summary>
    public bool Sees(ClusterNode other)
    {
        var state = Cluster.State;
        var address = other.Cluster.SelfUniqueAddress;
        return state.Members.Any(m => m.UniqueAddress.Equals(address) && m.Status is MemberStatus.Up or MemberStatus.Leaving)
            && !state.Unreachable.Any(m => m.UniqueAddress.Equals(address));
    }

    /// <summary>Has a word with all that should be reached.</summary>
    public void Talk() => _client.Tell("talk");

    private sealed class Client : ReceiveActor
    {
        private int _unanswered;

        public Client(ClusterNode node, IActorRef proxy)
        {
            Receive<string>(text => text == "talk", _ =>
            {
                if (++_unanswered > 6) node.SingletonAnswers = null;
                proxy.Tell("where?");
            });
            Receive<string>(place =>
            {
                _unanswered = 0;
                node.SingletonAnswers = place;
            });
        }
    }

    private sealed class Resident : ReceiveActor
    {
        private readonly ClusterNode _node;
        private readonly string _name;

        public Resident(ClusterNode node, string name)
        {
            (_node, _name) = (node, name);
            ReceiveAny(_ => Sender.Tell(node.Name));
        }

        protected override void PreStart()
        {
            if (!_node.Alive.Add(_name)) throw new InvalidOperationException($"{_name} runs twice on {_node.Name}");
        }

        protected override void PostStop() => _node.Alive.Remove(_name);
    }
}
