using ActorBroker.Controller;
using ActorBroker.Controller.Quorum;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Quorum;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using Akka.Actor;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.ProtocolTests.Controller;

/// <summary>What brokers tell each other about metadata and the journal has a serializer, and comes out as it went in.</summary>
public class SerializerTests() : TestKit(Reference.Document.Akka)
{
    [Fact]
    public void Requests_and_answers()
    {
        var command = new ClusterCommand.RegisterBroker(new BrokerId(1), [], "r", "c", 9, 8, IsFenced: true);
        var request = Assert.IsType<Request>(Again<ControllerSerializer>(new Request(UInt128.MaxValue - 1, 3, command)));
        Assert.Equal((UInt128.MaxValue - 1, 3), (request.Asker, request.Number));
        Assert.Equal(
            command with { Endpoints = default },
            (ClusterCommand.RegisterBroker)request.Command with { Endpoints = default });
        Assert.Equal(
            new Decided(3, new ClusterCommand.AllocateProducerIds.Answer(5, 6), 7),
            Again<ControllerSerializer>(new Decided(3, new ClusterCommand.AllocateProducerIds.Answer(5, 6), 7)));
        Assert.Equal(new Failed(4, "why"), Again<ControllerSerializer>(new Failed(4, "why")));
    }

    [Fact]
    public void Following()
    {
        var follow = new Follow(new BrokerId(2), 7, 3, 2, HasGap: true) { AskedAt = 11 };
        Assert.Equal(follow, Again<ControllerSerializer>(follow));
        Assert.Equal(new Leads(new Epoch(8)), Again<ControllerSerializer>(new Leads(new Epoch(8))));
        var current = new Current(8) { AskedAt = 11 };
        Assert.Equal(current, Again<ControllerSerializer>(current));
        Assert.Equal(new Touch(12), Again<ControllerSerializer>(new Touch(12)));
        var touched = new Touched(new BrokerId(2), 12, 8);
        Assert.Equal(touched, Again<ControllerSerializer>(touched));
        var seek = Assert.IsType<SeekCluster>(Again<ControllerSerializer>(new SeekCluster([new(1), new(3)])));
        Assert.Equal("1 3", string.Join(" ", seek.Voters));
        Assert.Equal(new OtherCluster(new(3)), Again<ControllerSerializer>(new OtherCluster(new(3))));
        MetadataEvent[] events = [new MetadataEvent.ClusterCreated("c"), new MetadataEvent.TopicDeleted(new TopicId(3))];
        var delta = Assert.IsType<MetadataDelta>(Again<ControllerSerializer>(new MetadataDelta(5, [.. events])));
        Assert.Equal(5, delta.From);
        Assert.Equal(events, delta.Events);
        var part = Assert.IsType<MetadataSnapshotPart>(
            Again<ControllerSerializer>(new MetadataSnapshotPart(9, 1, 2, [.. events])));
        Assert.Equal((9, 1, 2), (part.Version, part.Index, part.Count));
        Assert.Equal(events, part.Events);
    }

    [Fact]
    public void Proposers_and_voters()
    {
        var from = new ProposerId(new BrokerId(1), 77);
        var prepare = new QuorumRequest.Prepare(from, new Epoch(3), 4);
        Assert.Equal(prepare, Again<QuorumSerializer>(prepare));
        var append = new QuorumRequest.Append(
            from, new Epoch(3), 5, 7, new Offset(6), Epoch.Zero,
            [new QuorumEntry(new Epoch(2), new byte[] { 1, 2 })], new Offset(6));
        var entry = Assert.IsType<QuorumRequest.Append>(Again<QuorumSerializer>(append)).Entries.Single();
        Assert.Equal((new Epoch(2), "0102"), (entry.Epoch, Convert.ToHexString(entry.Event.Span)));
        var voter = new VoterInfo(new BrokerId(2), 5, 7, true, new Offset(9));
        var refused = new QuorumAnswer.Refused(voter, new Epoch(3), 4, new Epoch(8), from);
        Assert.Equal(refused, Again<QuorumSerializer>(refused));
    }

    [Fact]
    public void What_a_later_version_says_is_refused()
    {
        var serializer = (SerializerWithStringManifest)Sys.Serialization.FindSerializerForType(typeof(Current));
        Assert.Throws<WireException>(() => serializer.FromBinary([0, 0], "gossip"));
        Assert.Throws<WireException>(() => serializer.FromBinary([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], "current"));
    }

    private object Again<TSerializer>(object message)
    {
        var serializer = Assert.IsType<TSerializer>(Sys.Serialization.FindSerializerFor(message)) as SerializerWithStringManifest;
        Assert.True(serializer!.Identifier > 100);
        return Sys.Serialization.Deserialize(serializer.ToBinary(message), serializer.Identifier, serializer.Manifest(message));
    }
}
