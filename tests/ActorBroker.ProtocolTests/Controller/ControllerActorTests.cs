using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;

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

    private readonly ClusterCommand _register =
        new ClusterCommand.RegisterBroker(new BrokerId(0), [new BrokerEndpoint("PLAINTEXT", "h", 1)], null, "c1");

    [Fact]
    public void Followers_hear_of_a_change_before_the_asker_does()
    {
        var controller = Start(TestActor, out _);
        controller.Tell(_register, TestActor);
        var delta = ExpectMsg<MetadataDelta>();
        Assert.Equal(0, delta.From);
        var decided = ExpectMsg<ControllerActor.Decided>();
        Assert.Equal((2, new ClusterCommand.RegisterBroker.Answer("c1", 1)), (decided.Version, decided.Answer));
        Assert.Equal(decided.Version, MetadataImage.Empty.Apply(delta).Version);
    }

    [Fact]
    public void A_refusal_changes_nothing_and_is_answered_at_once()
    {
        var controller = Start(TestActor, out _);
        controller.Tell(new ClusterCommand.DeleteTopics([new TopicRef("nobody", TopicId.None)]), TestActor);
        var decided = ExpectMsg<ControllerActor.Decided>();
        Assert.Equal(0, decided.Version);
        Assert.Equal(
            ErrorCode.UnknownTopicOrPartition,
            Assert.IsType<ClusterCommand.DeleteTopics.Answer>(decided.Answer).Topics[0].Verdict.Error);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Commands_that_come_together_are_decided_one_after_the_other()
    {
        var controller = Start(TestActor, out _);
        controller.Tell(_register, ActorRefs.NoSender);
        for (var i = 0; i < 5; i++) controller.Tell(Create("same", (UInt128)(i + 2)), TestActor);
        var errors = ReceiveN(7).OfType<ControllerActor.Decided>()
            .Select(d => ((ClusterCommand.CreateTopics.Answer)d.Answer).Topics[0].Verdict.Error);
        Assert.Equal([ErrorCode.None, .. Enumerable.Repeat(ErrorCode.TopicAlreadyExists, 4)], errors);
    }

    [Fact]
    public void A_controller_that_starts_again_has_its_state_from_the_journal()
    {
        var first = Start(CreateTestProbe(), out _);
        first.Tell(_register, TestActor);
        first.Tell(Create("t", 7), TestActor);
        var version = ReceiveN(2).OfType<ControllerActor.Decided>().Last().Version;
        Watch(first);
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);

        Start(TestActor, out var image);
        Assert.Equal((version, "c1", new TopicId(7)), (image.Version, image.ClusterId, image.Topic("t")!.Id));
    }

    [Fact]
    public void The_supervisor_starts_another_controller_after_a_failure()
    {
        var supervisor = Sys.ActorOf(ControllerSupervisor.Props(Props.Create(() => new Failing(TestActor))));
        ExpectMsg("started");
        supervisor.Tell(_register);
        ExpectMsg("started");
    }

    private static ClusterCommand.CreateTopics Create(string name, UInt128 id) => new([NewTopic.Named(name, new TopicId(id))]);

    private IActorRef Start(IActorRef follower, out MetadataImage recovered)
    {
        var hears = CreateTestProbe();
        var controller = Sys.ActorOf(ControllerActor.Props(Policy, hears, NullLogger.Instance));
        recovered = hears.ExpectMsg<ControllerActor.Recovered>().Image;
        hears.SetAutoPilot(new Forwarder(follower));
        return controller;
    }

    private sealed class Forwarder(IActorRef to) : AutoPilot
    {
        public override AutoPilot Run(IActorRef sender, object message)
        {
            to.Tell(message, sender);
            return KeepRunning.Instance;
        }
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing(IActorRef test)
        {
            test.Tell("started");
            ReceiveAny(_ => throw new InvalidOperationException("on purpose"));
        }
    }
}
