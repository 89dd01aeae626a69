using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Controller.Quorum;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.ProtocolTests.Controller;

/// <summary>The controller's shell: what it persists, tells and answers.</summary>
public class ControllerActorTests() : TestKit(
    ConfigurationFactory.ParseString("""
        akka.persistence { journal.plugin = akka.persistence.journal.inmem, snapshot-store.plugin = "" }
        akka.test.single-expect-default = 30s
        """)
        .WithFallback(Reference.Document.Akka))
{
    private static readonly ControllerPolicy Policy = ControllerPolicy.From(Reference.Settings);

    private static readonly BrokerId Self = new(0);
    private static readonly Address Here = new("akka.tcp", "s", "here", 1);
    private static readonly Address There = new("akka.tcp", "s", "there", 1);

    private readonly ClusterCommand.RegisterBroker _register =
        new ClusterCommand.RegisterBroker(new BrokerId(0), [new BrokerEndpoint("PLAINTEXT", "h", 1)], null, "c1");

    [Fact]
    public void Followers_hear_of_a_change_before_the_asker_does()
    {
        var controller = Start(out _);
        Follow(controller);
        controller.Tell(Ask(1, _register), TestActor);
        var delta = ExpectMsg<MetadataDelta>();
        Assert.Equal(0, delta.From);
        var decided = ExpectMsg<Decided>();
        Assert.Equal((1, 2), (decided.Number, decided.Version));
        Assert.Equal(new ClusterCommand.RegisterBroker.Answer("c1", 1), decided.Answer);
        Assert.Equal(decided.Version, MetadataImage.Empty.Apply(delta).Version);
    }

    [Fact]
    public void A_refusal_changes_nothing_and_is_answered_at_once()
    {
        var controller = Start(out _);
        Follow(controller);
        controller.Tell(Ask(1, new ClusterCommand.DeleteTopics([new TopicRef("nobody", TopicId.None)])), TestActor);
        var decided = ExpectMsg<Decided>();
        Assert.Equal(0, decided.Version);
        Assert.Equal(
            ErrorCode.UnknownTopicOrPartition,
            Assert.IsType<ClusterCommand.DeleteTopics.Answer>(decided.Answer).Topics[0].Verdict.Error);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Commands_that_come_together_are_decided_one_after_the_other()
    {
        var controller = Start(out _);
        controller.Tell(Ask(0, _register), ActorRefs.NoSender);
        for (var i = 0; i < 5; i++) controller.Tell(Ask(i + 1, Create("same", (UInt128)(i + 2))), TestActor);
        var errors = ReceiveN(5).Cast<Decided>()
            .Select(d => ((ClusterCommand.CreateTopics.Answer)d.Answer).Topics[0].Verdict.Error);
        Assert.Equal([ErrorCode.None, .. Enumerable.Repeat(ErrorCode.TopicAlreadyExists, 4)], errors);
    }

    [Fact]
    public void A_request_that_is_repeated_is_carried_out_once()
    {
        var controller = Start(out _);
        controller.Tell(Ask(1, _register), TestActor);
        controller.Tell(Ask(2, Create("t", 7)), TestActor);
        controller.Tell(Ask(2, Create("t", 7)), TestActor);
        var answers = ReceiveN(3).Cast<Decided>().ToList();
        Assert.Equal(answers[1], answers[2]);
        controller.Tell(Ask(2, Create("t", 7), asker: 9), TestActor);
        Assert.NotEqual(answers[1].Answer, ExpectMsg<Decided>().Answer);
    }

    [Fact]
    public void A_controller_that_starts_again_has_its_state_from_the_journal()
    {
        var first = Start(out _);
        first.Tell(Ask(1, _register), TestActor);
        first.Tell(Ask(2, Create("t", 7)), TestActor);
        var version = ReceiveN(2).Cast<Decided>().Last().Version;
        Watch(first);
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);

        Start(out var image);
        Assert.Equal((version, "c1", new TopicId(7)), (image.Version, image.ClusterId, image.Topic("t")!.Id));
    }

    [Fact]
    public void Who_lacks_something_for_the_second_time_gets_it_again()
    {
        var controller = Start(out _);
        controller.Tell(Ask(1, _register), TestActor);
        var version = ExpectMsg<Decided>().Version;
        controller.Tell(new Follow(Self, 1, 0, 0, HasGap: false), TestActor);
        Assert.Equal(0, ExpectMsg<MetadataDelta>().From);
        Assert.Equal(version, ExpectMsg<Current>().Version);
        // Half of it has arrived; the rest may still be on its way.
        controller.Tell(new Follow(Self, 1, 1, 0, HasGap: false), TestActor);
        ExpectMsg<Current>();
        controller.Tell(new Follow(Self, 1, 1, 0, HasGap: false), TestActor);
        Assert.Equal(1, ExpectMsg<MetadataDelta>().From);
        ExpectMsg<Current>();
        controller.Tell(new Follow(Self, 1, 1, 0, HasGap: true), TestActor);
        Assert.Equal(1, ExpectMsg<MetadataDelta>().From);
        ExpectMsg<Current>();
    }

    [Fact]
    public void A_broker_out_of_reach_is_fenced_and_serves_again_when_it_has_caught_up()
    {
        var controller = Start(out _);
        Reach(controller, Here);
        controller.Tell(Ask(1, _register with { Incarnation = 5, IsFenced = true }), TestActor);
        var registered = ExpectMsg<Decided>().Version;
        Follow(controller, 5, registered);
        Assert.Equal(IsFenced(false), Change());

        Reach(controller);
        Assert.Equal(IsFenced(true), Change());
        Follow(controller, 5, registered + 1);
        Reach(controller, Here);
        Follow(controller, 5, registered + 1); // It has not seen that it was fenced.
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Follow(controller, 5, registered + 2);
        Assert.Equal(IsFenced(false), Change());
    }

    [Fact]
    public void A_controller_that_has_just_started_fences_who_is_lost_and_waits_for_whom_it_has_not_seen()
    {
        BrokerId[] lost = [new(1)], absent = [new(2)];
        var first = Start(out _);
        foreach (var broker in lost.Concat(absent).Append(Self))
            first.Tell(Ask(broker.Value, _register with { Broker = broker, Incarnation = 5 }), TestActor);
        ReceiveN(3);
        Watch(first);
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);

        // A test of nothing but the order: the grace is long.
        var controller = Start(out _, Policy with { BrokerSessionTimeout = TimeSpan.FromHours(1) });
        Follow(controller);
        Reach(controller, lost, Here);
        Assert.Equal(lost[0], Assert.IsType<MetadataEvent.BrokerChanged>(Change()).Broker);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Watch(controller);
        controller.Tell(PoisonPill.Instance);
        ExpectTerminated(controller);

        controller = Start(out _, Policy with { BrokerSessionTimeout = TimeSpan.FromMilliseconds(10) });
        Follow(controller);
        Reach(controller, lost, Here);
        Assert.Equal(absent[0], Assert.IsType<MetadataEvent.BrokerChanged>(Change()).Broker);
    }

    [Fact]
    public void A_broker_id_is_free_only_when_its_process_is_out_of_reach()
    {
        var controller = Start(out _);
        Reach(controller, Here, There);
        controller.Tell(Ask(1, _register with { Incarnation = 5 }), At(There));
        controller.Tell(Ask(1, _register with { Incarnation = 6 }, asker: 2), TestActor);
        var answer = (ClusterCommand.RegisterBroker.Answer)ExpectMsg<Decided>().Answer;
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, answer.Verdict.Error);

        Reach(controller, Here);
        controller.Tell(Ask(2, _register with { Incarnation = 6 }, asker: 2), TestActor);
        answer = (ClusterCommand.RegisterBroker.Answer)ExpectMsg<Decided>().Answer;
        Assert.Equal((ErrorCode.None, 2), (answer.Verdict.Error, answer.BrokerEpoch));
    }

    /// <summary>It asks twice a second until it gives up.</summary>
    [Fact]
    public void Who_comes_with_a_taken_broker_id_is_logged_once_for_each_process()
    {
        const string Line = "the registration: DuplicateBrokerRegistration";
        var log = new LogLines();
        var controller = Start(out _, Policy, log);
        Reach(controller, Here, There);
        controller.Tell(Ask(1, _register with { Incarnation = 5 }), At(There));
        foreach (var (incarnation, lines) in new (UInt128, int)[] { (6, 1), (7, 2) })
        {
            for (var attempt = 1; attempt <= 3; attempt++)
            {
                controller.Tell(Ask(attempt, _register with { Incarnation = incarnation }, asker: incarnation), TestActor);
                ExpectMsg<Decided>();
            }
            Assert.Equal(lines, log.Count(Line));
        }
    }

    [Fact]
    public void The_supervisor_starts_another_controller_after_a_failure()
    {
        var supervisor = Sys.ActorOf(ControllerSupervisor.Props(new ControllerParts(
            Props.Create(() => new Failing(TestActor)), null, TimeSpan.FromMilliseconds(10))));
        ExpectMsg("started");
        supervisor.Tell(Ask(1, _register));
        ExpectMsg("started");
    }

    [Fact]
    public void The_controller_starts_when_its_proposer_is_elected_and_goes_with_it()
    {
        var (controllers, proposers) = (CreateTestProbe(), CreateTestProbe());
        var supervisor = Sys.ActorOf(ControllerSupervisor.Props(new ControllerParts(
            Props.Create(() => new Failing(controllers)), Props.Create(() => new Failing(proposers)),
            TimeSpan.FromMilliseconds(10))));
        proposers.ExpectMsg("started");
        supervisor.Tell(new QuorumProposerActor.Elected(Epoch.Zero)); // Of somebody else.
        controllers.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < 2; i++)
        {
            supervisor.Tell(new QuorumProposerActor.Elected(new Epoch(i)), proposers.LastSender);
            controllers.ExpectMsg("started");
            proposers.LastSender.Tell("fail");
            proposers.ExpectMsg("started");
        }
    }

    private static ClusterCommand.CreateTopics Create(string name, UInt128 id) => new([NewTopic.Named(name, new TopicId(id))]);

    private static Request Ask(long number, ClusterCommand command, UInt128 asker = default) => new(asker, number, command);

    private static MetadataEvent IsFenced(bool fenced) => new MetadataEvent.BrokerChanged(Self, 1, fenced, false, false);

    private IActorRef Start(out MetadataImage recovered) => Start(out recovered, Policy);

    private IActorRef Start(out MetadataImage recovered, ControllerPolicy policy, ILogger? log = null)
    {
        var controller = Sys.ActorOf(
            ControllerActor.Props(policy, cause => Assert.Fail(cause.Message), log ?? NullLogger.Instance));
        var probe = CreateTestProbe();
        controller.Tell(new Follow(Self, 0, 0, 0, HasGap: false), probe);
        var following = new MetadataFollowing();
        while (probe.ReceiveOne(TimeSpan.FromSeconds(30)) is not Current and var message)
            Assert.True(following.TryTake(Assert.IsType<MetadataDelta>(message)));
        recovered = following.Image;
        return controller;
    }

    /// <summary>The test actor is a broker that lacks nothing.</summary>
    private void Follow(IActorRef controller, UInt128 incarnation = default, long carriedOut = 0)
    {
        controller.Tell(new Follow(Self, incarnation, long.MaxValue, carriedOut, HasGap: false), TestActor);
        ExpectMsg<Current>();
    }

    private MetadataEvent Change() => ExpectMsg<MetadataDelta>().Events.Single();

    /// <summary>Somebody on that node.</summary>
    private Elsewhere At(Address node) => new(node, ((ExtendedActorSystem)Sys).Provider);

    private static void Reach(IActorRef controller, params Address[] nodes) => Reach(controller, [], nodes);

    private static void Reach(IActorRef controller, BrokerId[] lost, params Address[] nodes) => controller.Tell(new BrokersInReach(
        Here,
        nodes.Length == 0 ? ImmutableDictionary<BrokerId, ImmutableHashSet<Address>>.Empty
            : ImmutableDictionary<BrokerId, ImmutableHashSet<Address>>.Empty.Add(Self, [.. nodes]),
        [.. lost]));

    private sealed class Failing : ReceiveActor
    {
        public Failing(IActorRef test)
        {
            test.Tell("started", Self);
            ReceiveAny(_ => throw new InvalidOperationException("on purpose"));
        }
    }

    private sealed class Elsewhere(Address node, IActorRefProvider provider) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(node) / "temp" / "asker";

        public override IActorRefProvider Provider => provider;
    }
}
