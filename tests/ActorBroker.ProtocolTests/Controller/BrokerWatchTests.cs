using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace ActorBroker.ProtocolTests.Controller;

/// <summary>Two nodes of brokers. What a third one has said of the second, the test says in its stead.</summary>
public sealed class BrokerWatchTests : TestKit
{
    private static readonly BrokerId Here = new(1), There = new(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly ActorSystem _other;
    private readonly IActorRef _watch;

    public BrokerWatchTests() : base(ConfigOf(Here), "brokers")
    {
        _other = ActorSystem.Create("brokers", ConfigOf(There));
        var cluster = Cluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        Cluster.Get(_other).Join(cluster.SelfAddress);
        _watch = Sys.ActorOf(Props.Create(() => new Parent(TestActor)));
        Until(seen => ReachOf(seen, There) == NodeReach.InReach);
        AwaitCondition(() => cluster.FailureDetector.IsMonitoring(Cluster.Get(_other).SelfAddress), Patience);
    }

    [Fact]
    public void A_node_that_only_others_miss_is_in_reach_until_it_no_longer_answers_here()
    {
        // As heard from a node that has died since, and never takes it back.
        _watch.Tell(new ClusterEvent.UnreachableMember(Member(There)));
        Assert.Equal(NodeReach.InReach, ReachOf(ExpectMsg<BrokersSeen>(), There));

        ((ExtendedActorSystem)_other).Abort();
        Until(seen => ReachOf(seen, There) == NodeReach.Lost);
        Assert.Equal(2, Cluster.Get(Sys).State.Members.Count); // The cluster has not yet given it up.
    }

    [Fact]
    public void A_node_that_is_heard_by_others_again_was_never_lost()
    {
        _watch.Tell(new ClusterEvent.UnreachableMember(Member(There)));
        Assert.Equal(NodeReach.InReach, ReachOf(ExpectMsg<BrokersSeen>(), There));
        _watch.Tell(new ClusterEvent.ReachableMember(Member(There)));
        Assert.Equal(NodeReach.InReach, ReachOf(ExpectMsg<BrokersSeen>(), There));
    }

    protected override void AfterAll()
    {
        ((ExtendedActorSystem)_other).Abort();
        base.AfterAll();
    }

    private Member Member(BrokerId broker) => Cluster.Get(Sys).State.Members.Single(member => BrokerRole.Of(member) == broker);

    private static NodeReach? ReachOf(BrokersSeen seen, BrokerId broker) =>
        seen.OldestFirst.Where(node => node.Node.Broker == broker).Select(node => (NodeReach?)node.Node.Reach).FirstOrDefault();

    private void Until(Predicate<BrokersSeen> condition) => FishForMessage(seen => condition((BrokersSeen)seen), Patience);

    private static Config ConfigOf(BrokerId broker) => ConfigurationFactory.ParseString($$"""
        akka.actor.provider = cluster
        akka.coordinated-shutdown.run-by-actor-system-terminate = off
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        akka.cluster {
          roles = ["{{BrokerRole.Any}}", "{{BrokerRole.Of(broker)}}"]
          gossip-interval = 100ms
          leader-actions-interval = 100ms
          retry-unsuccessful-join-after = 1s
          unreachable-nodes-reaper-interval = 100ms
          periodic-tasks-initial-delay = 50ms
          failure-detector {
            implementation-class = "Akka.Remote.DeadlineFailureDetector, Akka.Remote"
            heartbeat-interval = 100ms
            acceptable-heartbeat-pause = 10s
          }
        }
        akka.test.single-expect-default = 30s
        """);

    private sealed class Parent : ReceiveActor
    {
        public Parent(IActorRef test)
        {
            var watch = Context.ActorOf(BrokerWatch.Props());
            Receive<BrokersSeen>(test.Tell);
            ReceiveAny(watch.Forward);
        }
    }
}
