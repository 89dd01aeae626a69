using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Sharding.Internal;
using Akka.Cluster.Sharding.Serialization;
using Akka.Cluster.Tools.Singleton.Internal;
using Akka.Cluster.Tools.Singleton.Serialization;
using Akka.Serialization;

namespace Akka.Embedded.Tests.Embedded.Cluster.Sharding;

/// <summary>Messages of sharding and of singletons as bytes.</summary>
public class SerializerTests : SystemTest
{
    private static readonly Address Host = new("akka.tcp", "cl", "h", 1), Local = new("akka", "cl");

    protected override string Hocon =>
        ClusterSharding.DefaultConfig().WithFallback(Akka.Cluster.Tools.Singleton.ClusterSingletonManager.DefaultConfig())
            .ToString(includeFallback: true);

    private object RoundTrip(object message, int id)
    {
        var serializer = Sys.Serialization.FindSerializerFor(message);
        Assert.Equal(id, serializer.Identifier);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        return Sys.Serialization.Deserialize(serializer.ToBinary(message), id, manifest);
    }

    [Fact]
    public void Messages_of_sharding_come_back_as_they_were()
    {
        var actor = Sys.ActorOf(Props.Empty, "region");
        var stats = new ShardRegionStats(ImmutableDictionary<string, int>.Empty.Add("a", 1).Add("b", 2), ["c"]);
        object[] messages =
        [
            new ShardingEnvelope("e", "m"), new ShardingEnvelope("e", 5L), new ShardRegion.StartEntity("e"),
            new Protocol.RegisterProxy(actor), new Protocol.RegisterAck(actor), new Protocol.GracefulShutdownReq(actor),
            new Protocol.RegionStopped(actor), new Protocol.GetShardHome("s"), new Protocol.ShardHome("s", actor),
            new Protocol.HostShard("s"), new Protocol.ShardStarted("s"), new Protocol.BeginHandOff("s"),
            new Protocol.BeginHandOffAck("s"), new Protocol.HandOff("s"), new Protocol.ShardStopped(""),
            new Protocol.StartEntityAck("e", "s"), GetShardRegionStats.Instance, GetCurrentRegions.Instance,
            GetShardRegionState.Instance, new GetClusterShardingStats(TimeSpan.FromSeconds(3)), stats,
            new ClusterShardingStats(ImmutableDictionary<Address, ShardRegionStats>.Empty.Add(Host, stats).Add(Local, stats)),
            new CurrentRegions([Host, Local]), new CurrentShardRegionState([new ShardState("s", ["a", "b"])], ["t"]),
        ];
        Assert.All(messages, message => Assert.Equal(message, RoundTrip(message, 13)));
        var register = Assert.IsType<Protocol.Register>(RoundTrip(new Protocol.Register(actor, ["a", "b"]), 13));
        Assert.Equal(actor, register.Region);
        Assert.Equal(["a", "b"], register.Shards.AsEnumerable());
    }

    [Fact]
    public void Manifests_are_the_documented_ones()
    {
        var serializer = (SerializerWithStringManifest)Sys.Serialization.FindSerializerFor(new Protocol.HandOff("s"));
        object[] messages = [new ShardingEnvelope("e", "m"), new Protocol.GetShardHome("s"),
            new Protocol.ShardHome("s", ActorRefs.Nobody), new Protocol.HostShard("s"), new Protocol.HandOff("s")];
        Assert.Equal(["a", "BD", "BE", "BF", "BJ"], messages.Select(serializer.Manifest));
    }

    [Fact]
    public void Messages_of_singleton_managers_come_back_as_they_were()
    {
        var node = new UniqueAddress(Host, -7);
        HandOver.IMessage[] messages = [new HandOver.ToMe(node, long.MaxValue), new HandOver.InProgress(node),
            new HandOver.Finished(new UniqueAddress(Local, 1), 0), new HandOver.TakeOverFromMe(node)];
        Assert.All(messages, message => Assert.Equal(message, RoundTrip(message, 14)));
    }

    [Fact]
    public void Bytes_of_any_kind_give_a_message_or_a_serialization_error()
    {
        var random = new Random(1);
        string[] manifests = ["a", "BA", "BC", "BE", "BD", "DD", "EB", "FB", "GS", "GT", "HB", "A", "B", "C", "D", "", "?"];
        var system = (ExtendedActorSystem)Sys;
        SerializerWithStringManifest[] serializers =
            [new ClusterShardingMessageSerializer(system), new ClusterSingletonMessageSerializer(system)];
        for (var i = 0; i < 20000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            try
            {
                serializers[i % 2].FromBinary(bytes, manifests[random.Next(manifests.Length)]);
            }
            catch (SerializationException)
            {
                // As it should be.
            }
        }
    }
}
