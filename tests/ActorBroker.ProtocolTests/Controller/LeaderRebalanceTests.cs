using System.Collections.Immutable;
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
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.ProtocolTests.Controller;

/// <summary><c>auto.leader.rebalance.enable</c> and <c>leader.imbalance.check.interval.seconds</c>, in virtual time: a broker was
/// away, and is in sync again with a partition that it should lead.</summary>
public sealed class LeaderRebalanceTests() : TestKit(
    ConfigurationFactory.ParseString("""
        akka.persistence { journal.plugin = akka.persistence.journal.inmem, snapshot-store.plugin = "" }
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.test.single-expect-default = 30s
        """)
        .WithFallback(Reference.Document.Akka))
{
    private static readonly BrokerId Preferred = new(1), Other = new(2);
    private static readonly TopicPartition Partition = new("t", 0);
    private readonly MetadataFollowing _metadata = new();
    private long _requests;

    private PartitionImage Led => _metadata.Image.Partition(Partition)!;

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void The_preferred_leader_leads_again_at_the_next_look()
    {
        Start(("leader.imbalance.check.interval.seconds", "60"));
        Scheduler.Advance(TimeSpan.FromSeconds(60));
        Take(ExpectMsg<MetadataDelta>());
        Assert.Equal((Preferred, 2), (Led.Leader, Led.Isr.Length));
    }

    [Fact]
    public void Where_nobody_looks_it_leads_again_only_when_that_is_asked_for()
    {
        var controller = Start(("auto.leader.rebalance.enable", "false"), ("leader.imbalance.check.interval.seconds", "60"));
        Scheduler.Advance(TimeSpan.FromDays(1));
        // It comes behind all that a timer has sent.
        var elected = Ask<ClusterCommand.ElectLeaders.Answer>(controller, new ClusterCommand.ElectLeaders(ElectionType.Preferred));
        Assert.Equal(new PartitionResult(Partition, Verdict.Ok), elected.Partitions.Single());
        Assert.Equal((Preferred, 2), (Led.Leader, Led.Isr.Length));
    }

    private IActorRef Start(params (string Key, string Value)[] configs)
    {
        var settings = Reference.Settings with { Given = configs.ToImmutableDictionary(c => c.Key, c => c.Value) };
        var controller = Sys.ActorOf(ControllerActor.Props(
            ControllerPolicy.From(settings), cause => Assert.Fail(cause.Message), NullLogger.Instance));
        controller.Tell(new Follow(Other, 0, 0, 0, HasGap: false), TestActor);
        ExpectMsg<Current>();
        var epochs = new[] { Preferred, Other }.Select(broker => Ask<ClusterCommand.RegisterBroker.Answer>(
            controller, new ClusterCommand.RegisterBroker(broker, [new BrokerEndpoint("PLAINTEXT", "h", 1)], null, "c1")).BrokerEpoch)
            .ToArray();
        Ask<ClusterCommand.CreateTopics.Answer>(controller, new ClusterCommand.CreateTopics(
        [
            NewTopic.Named("t", new TopicId(7)) with
            {
                Assignment = ImmutableSortedDictionary<int, ImmutableArray<BrokerId>>.Empty.Add(0, [Preferred, Other]),
            },
        ]));
        Assert.Equal(Preferred, Led.Leader);
        foreach (var change in new[] { BrokerChange.Fence, BrokerChange.Unfence })
            Ask<ClusterCommand.ChangeBroker.Answer>(controller, new ClusterCommand.ChangeBroker(Preferred, epochs[0], change));
        Ask<ClusterCommand.AlterPartition.Answer>(controller, new ClusterCommand.AlterPartition(Other, epochs[1],
            [new(new TopicId(7), 0, Led.LeaderEpoch, Led.PartitionEpoch, [new(Other, epochs[1]), new(Preferred, epochs[0])])]));
        Assert.Equal((Other, 2), (Led.Leader, Led.Isr.Length));
        return controller;
    }

    private TAnswer Ask<TAnswer>(IActorRef controller, ClusterCommand command)
        where TAnswer : ClusterAnswer
    {
        controller.Tell(new Request(9, ++_requests, command), TestActor);
        while (true)
        {
            switch (ExpectMsg<object>())
            {
                case MetadataDelta delta: Take(delta); break;
                case Decided decided: return Assert.IsType<TAnswer>(decided.Answer);
                case var other: throw new InvalidOperationException($"{other}");
            }
        }
    }

    private void Take(MetadataDelta delta) => Assert.True(_metadata.TryTake(delta));
}
