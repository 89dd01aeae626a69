using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Controller.Codecs;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Controller;

/// <summary>Commands and answers come out of their bytes as they went in.</summary>
public class CommandCodecTests
{
    [Fact]
    public void Any_command_and_its_answer() => Prop.ForAll(AnyCommands.All.ToArbitrary(), commands =>
    {
        var state = Clusters.Of(3).State;
        foreach (var command in commands)
        {
            Assert.Equal(Shape.Of(command), Shape.Of(Again(command)));
            var decision = state.Handle(command, Clusters.DefaultPolicy);
            Assert.Equal(Shape.Of(decision.Answer), Shape.Of(Again(decision.Answer)));
            state = decision.Events.Aggregate(state, (s, change) => s.Apply(change));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Commands_with_every_field()
    {
        BrokerId one = new(1), two = new(2);
        ClusterCommand[] commands =
        [
            new ClusterCommand.RegisterBroker(
                one, [new BrokerEndpoint("PLAINTEXT", "h", 9092), new BrokerEndpoint("OUTSIDE", "", 1)], "rack", "c",
                UInt128.MaxValue - 5, 77, IsFenced: true),
            new ClusterCommand.DecommissionBroker(one),
            new ClusterCommand.UnregisterBroker(two),
            new ClusterCommand.ElectLeaders(ElectionType.Unclean),
            new ClusterCommand.ElectLeaders(ElectionType.Preferred, [new TopicPartition("t", 3)]),
            new ClusterCommand.AlterReassignments(
                [new Reassignment(new TopicPartition("t", 3), [one, two]), new Reassignment(new TopicPartition("t", 4), default)],
                AllowReplicationFactorChange: false),
            new ClusterCommand.ReportReplicas(one, 7, [new(new TopicId(5), 1, true), new(new TopicId(5), 2, false)]),
            new ClusterCommand.CreateTopics(
            [
                new NewTopic("t", new TopicId(9), -1, -1,
                    ImmutableSortedDictionary<int, ImmutableArray<BrokerId>>.Empty.Add(0, [one, two]).Add(1, [two]),
                    [new KeyValuePair<string, string?>("k", null), new KeyValuePair<string, string?>("l", "v")]),
            ]),
            new ClusterCommand.CreatePartitions([new MorePartitions("t", 3, [[one], [two]])], ValidateOnly: true),
            new ClusterCommand.DeleteTopics([new TopicRef(null, new TopicId(5))]),
            new ClusterCommand.AlterPartition(one, 7,
                [new IsrChange(new TopicId(5), 1, new Epoch(3), 4, [new InSyncReplica(two, -1), new InSyncReplica(one, 8)])]),
        ];
        foreach (var command in commands) Assert.Equal(Shape.Of(command), Shape.Of(Again(command)));
    }

    [Fact]
    public void What_a_later_version_says_is_refused()
    {
        Assert.Throws<WireException>(() => ReadCommand("split-brain", [0, 0, 0]));
        Assert.Throws<WireException>(() => ReadCommand("unregister-broker", [0, 9, 0, 0, 0, 1, 0]));
    }

    private static ClusterCommand Again(ClusterCommand command)
    {
        using var wire = new WireWriter();
        ClusterCommandCodec.Write(wire, command);
        return ReadCommand(ClusterCommandCodec.KindOf(command), wire.WrittenSpan.ToArray());
    }

    private static ClusterCommand ReadCommand(string kind, byte[] bytes)
    {
        var wire = new WireReader(bytes.AsSpan());
        return ClusterCommandCodec.Read(kind, ref wire);
    }

    private static ClusterAnswer Again(ClusterAnswer answer)
    {
        using var wire = new WireWriter();
        ClusterAnswerCodec.Write(wire, answer);
        var reader = new WireReader(wire.WrittenSpan.ToArray().AsSpan());
        return ClusterAnswerCodec.Read(ClusterAnswerCodec.KindOf(answer), ref reader);
    }
}
