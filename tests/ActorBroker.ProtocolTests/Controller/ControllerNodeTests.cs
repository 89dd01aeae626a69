using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.ProtocolTests.Controller;

/// <summary>When a broker runs the controller, and whom it asks otherwise. The test is the cluster and the supervisor.</summary>
public sealed class ControllerNodeTests : TestKit
{
    private static readonly Address Here = new("akka.tcp", "s", "here", 1);
    private static readonly Address There = new("akka.tcp", "s", "there", 1);
    private static readonly Address Elsewhere = new("akka.tcp", "s", "elsewhere", 1);

    private readonly IActorRef _node;

    /// <summary>The voters' nodes, should they be in another cluster.</summary>
    private readonly Dictionary<BrokerId, TestProbe> _others = [];

    public ControllerNodeTests() : base(
        ConfigurationFactory.ParseString("akka.test.single-expect-default = 30s").WithFallback(Reference.Document.Akka))
    {
        for (var id = 1; id <= 3; id++) _others[new(id)] = CreateTestProbe();
        _node = StartNode(Props.Create(() => new Reporting(TestActor)));
    }

    [Fact]
    public void The_oldest_in_reach_runs_the_controller_until_an_older_one_is_there()
    {
        See(There, Here, Elsewhere);
        SeeLost(There, There, Here, Elsewhere);
        ExpectMsg("started");
        Assert.Equal([new BrokerId(1)], ExpectMsg<BrokersInReach>().Lost);
        SeeLost(Elsewhere, There, Here, Elsewhere);
        ExpectMsg("stopped");
    }

    [Fact]
    public void Without_a_majority_of_the_voters_it_does_not_run()
    {
        See(Here, There);
        ExpectMsg("started");
        ExpectMsg<BrokersInReach>();
        SeeLost(There, Here, There);
        ExpectMsg("stopped");
    }

    [Fact]
    public void The_next_one_starts_when_the_last_has_ended()
    {
        See(Here, There);
        ExpectMsg("started");
        ExpectMsg<BrokersInReach>();
        SeeLost(There, Here, There);
        See(Here, There);
        ExpectMsg("stopped");
        ExpectMsg("started");
        ExpectMsg<BrokersInReach>();
    }

    [Fact]
    public void Requests_wait_until_the_controller_is_known_and_go_to_that_of_the_highest_epoch()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        See(There, Here, Elsewhere);
        _node.Tell(Follow(1), TestActor);
        _node.Tell(Ask(1), TestActor);
        _node.Tell(new Leads(new Epoch(3)), first);
        Assert.Equal(Follow(1), first.ExpectMsg<Follow>());
        Assert.Equal(1, first.ExpectMsg<Request>().Number);
        Assert.Equal(TestActor, first.LastSender);

        _node.Tell(new Leads(new Epoch(4)), second);
        Assert.Equal(Follow(1), second.ExpectMsg<Follow>());
        _node.Tell(new Leads(new Epoch(3)), first); // It does not know yet.
        _node.Tell(Ask(2), TestActor);
        _node.Tell(Follow(2), TestActor);
        Assert.Equal(2, second.ExpectMsg<Request>().Number);
        Assert.Equal(Follow(2), second.ExpectMsg<Follow>());
    }

    [Fact]
    public void A_controller_on_a_node_out_of_reach_is_asked_nothing_more()
    {
        var there = new At(There, Sys);
        See(There, Here, Elsewhere);
        _node.Tell(new Leads(new Epoch(3)), there);
        SeeLost(There, There, Here, Elsewhere);
        ExpectMsg("started"); // It is this one's turn, but another may be faster.
        ExpectMsg<BrokersInReach>();
        _node.Tell(Ask(1), TestActor);
        var other = CreateTestProbe();
        _node.Tell(new Leads(new Epoch(4)), other);
        Assert.Equal(1, other.ExpectMsg<Request>().Number);
    }

    [Fact]
    public void While_the_controller_runs_here_it_is_the_one_that_is_asked()
    {
        var (controller, next) = (CreateTestProbe(), CreateTestProbe());
        var node = StartNode(Props.Create(() => new Leading(controller, new Epoch(5))));
        See(node, null, Here, There);
        node.Tell(Ask(1), TestActor);
        Assert.Equal(1, controller.ExpectMsg<Request>().Number);
        See(node, There, Here, There);
        node.Tell(Ask(2), TestActor);
        node.Tell(new Leads(new Epoch(6)), next);
        Assert.Equal(2, next.ExpectMsg<Request>().Number);
        controller.ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void A_cluster_without_a_majority_looks_for_the_others_and_gives_way_to_a_larger_one()
    {
        See(Here);
        Assert.Equal(new BrokerId(1), Assert.Single(_others[new(2)].ExpectMsg<SeekCluster>().Voters));
        _others[new(3)].ExpectMsg<SeekCluster>();
        _node.Tell(new OtherCluster(new(3)));
        _node.Tell(new OtherCluster(new(2)));
        ExpectMsg("gives way to 3");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_cluster_with_a_majority_gives_way_to_nobody_and_tells_others_to()
    {
        See(Here, There);
        ExpectMsg("started");
        ExpectMsg<BrokersInReach>();
        _node.Tell(new OtherCluster(new(3)));
        var stranger = CreateTestProbe();
        _node.Tell(new SeekCluster([new(3)]), stranger);
        Assert.Equal(new BrokerId(1), stranger.ExpectMsg<OtherCluster>().Broker);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Of_two_equal_halves_the_one_with_the_lowest_voter_stays()
    {
        See(There, Here);
        SeeLost(There, There, Here); // This is broker 2, without broker 1.
        _node.Tell(new SeekCluster([new(1)]), TestActor);
        _node.Tell(new SeekCluster([new(3)]), TestActor);
        Assert.Equal(new BrokerId(2), ExpectMsg<OtherCluster>().Broker);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    private IActorRef StartNode(Props supervisor)
    {
        var node = Sys.ActorOf(ControllerNode.Props(new ControllerNodeParts(
            supervisor, Props.Create(() => new Reporting(TestActor)),
            [new(1), new(2), new(3)], TimeSpan.FromMilliseconds(10), _others.ToImmutableDictionary(
                other => other.Key, other => other.Value.Ref.Path.ToStringWithoutAddress()),
            other => TestActor.Tell($"gives way to {other}"), NullLogger.Instance)));
        ExpectMsg("started"); // The watch.
        return node;
    }

    private static Follow Follow(long held) => new(new BrokerId(2), 7, held, 0, HasGap: false);

    private static Request Ask(long number) => new(9, number, new ClusterCommand.DeleteTopics([]));

    private void See(params Address[] oldestFirst) => See(_node, null, oldestFirst);

    private void SeeLost(Address lost, params Address[] oldestFirst) => See(_node, lost, oldestFirst);

    /// <summary>Of brokers 1, 2, ... from the oldest on.</summary>
    private static void See(IActorRef node, Address? lost, params Address[] oldestFirst) => node.Tell(new BrokersSeen(Here,
        [.. oldestFirst.Select((address, i) => (address, new SeenNode(
            new BrokerId(i + 1), address == lost ? NodeReach.Lost : NodeReach.InReach, IsFull: true)))]));

    private sealed class Reporting : ReceiveActor
    {
        private readonly IActorRef _test;

        public Reporting(IActorRef test)
        {
            _test = test;
            ReceiveAny(test.Forward);
        }

        protected override void PreStart() => _test.Tell("started");

        protected override void PostStop() => _test.Tell("stopped");
    }

    /// <summary>A supervisor whose controller runs at once.</summary>
    private sealed class Leading : ReceiveActor
    {
        public Leading(IActorRef controller, Epoch epoch)
        {
            Context.Parent.Tell(new ControllerSupervisor.Started(controller, epoch));
            ReceiveAny(_ => { });
        }
    }

    private sealed class At(Address node, ActorSystem system) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(node) / "user" / "controller";

        public override IActorRefProvider Provider => ((ExtendedActorSystem)system).Provider;
    }
}
