using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;
using Akka.Cluster.Sharding.Serialization.Wire;
using Akka.Serialization;
using Google.Protobuf;
using AkkaSerialization = Akka.Serialization.Serialization;

namespace Akka.Cluster.Sharding.Serialization;

/// <summary>Serializer of what sharding sends from node to node; a <see cref="ShardingEnvelope"/> carries its message by that
/// one's own serializer.</summary>
public class ClusterShardingMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override string Manifest(object o) => o switch
    {
        ShardingEnvelope => "a",
        Protocol.Register => "BA",
        Protocol.RegisterProxy => "BB",
        Protocol.RegisterAck => "BC",
        Protocol.GetShardHome => "BD",
        Protocol.ShardHome => "BE",
        Protocol.HostShard => "BF",
        Protocol.ShardStarted => "BG",
        Protocol.BeginHandOff => "BH",
        Protocol.BeginHandOffAck => "BI",
        Protocol.HandOff => "BJ",
        Protocol.ShardStopped => "BK",
        Protocol.GracefulShutdownReq => "BL",
        Protocol.RegionStopped => "BM",
        GetShardRegionStats => "DC",
        ShardRegionStats => "DD",
        ShardRegion.StartEntity => "EA",
        Protocol.StartEntityAck => "EB",
        GetCurrentRegions => "FA",
        CurrentRegions => "FB",
        GetClusterShardingStats => "GS",
        ClusterShardingStats => "GT",
        GetShardRegionState => "HA",
        CurrentShardRegionState => "HB",
        _ => throw new ArgumentException($"{GetType().Name} is not for {o?.GetType()}", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => Message(obj).ToByteArray();

    /// <exception cref="SerializationException">Not one of ours.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return Read(bytes, manifest);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"These bytes are no message of sharding of manifest [{manifest}]", e);
        }
    }

    private IMessage Message(object obj) => obj switch
    {
        ShardingEnvelope envelope => new Wire.Envelope { EntityId = envelope.EntityId, Message = Wrap(envelope.Message) },
        Protocol.Register m => Note(m.Region, [.. m.Shards]),
        Protocol.RegisterProxy m => Note(m.Proxy),
        Protocol.RegisterAck m => Note(m.Coordinator),
        Protocol.GracefulShutdownReq m => Note(m.Region),
        Protocol.RegionStopped m => Note(m.Region),
        Protocol.ShardHome m => Note(m.Region, m.Shard),
        Protocol.IShardMessage m => Note(null, m.Shard),
        ShardRegion.StartEntity m => Note(null, m.EntityId),
        Protocol.StartEntityAck m => Note(null, m.EntityId, m.ShardId),
        GetShardRegionStats or GetCurrentRegions or GetShardRegionState => Note(null),
        GetClusterShardingStats m => new Wire.Timeout { Ticks = m.Timeout.Ticks },
        _ => StatsCodec.Write(obj)
            ?? throw new ArgumentException($"{GetType().Name} is not for {obj?.GetType()}", nameof(obj)),
    };

    private object Read(byte[] bytes, string manifest) => manifest switch
    {
        "a" => Envelope(Wire.Envelope.Parser.ParseFrom(bytes)),
        "DD" => StatsCodec.Read(Stats.Parser.ParseFrom(bytes)),
        "FB" => StatsCodec.Read(Nodes.Parser.ParseFrom(bytes)),
        "GS" => new GetClusterShardingStats(TimeSpan.FromTicks(Wire.Timeout.Parser.ParseFrom(bytes).Ticks)),
        "GT" => StatsCodec.Read(ClusterStats.Parser.ParseFrom(bytes)),
        "HB" => StatsCodec.Read(RegionState.Parser.ParseFrom(bytes)),
        "DC" => GetShardRegionStats.Instance,
        "FA" => GetCurrentRegions.Instance,
        "HA" => GetShardRegionState.Instance,
        _ => Read(Wire.Note.Parser.ParseFrom(bytes), manifest),
    };

    private object Read(Note note, string manifest) => manifest switch
    {
        "BA" => new Protocol.Register(Ref(note), [.. note.Ids]),
        "BB" => new Protocol.RegisterProxy(Ref(note)),
        "BC" => new Protocol.RegisterAck(Ref(note)),
        "BL" => new Protocol.GracefulShutdownReq(Ref(note)),
        "BM" => new Protocol.RegionStopped(Ref(note)),
        "BD" => new Protocol.GetShardHome(Id(note)),
        "BE" => new Protocol.ShardHome(Id(note), Ref(note)),
        "BF" => new Protocol.HostShard(Id(note)),
        "BG" => new Protocol.ShardStarted(Id(note)),
        "BH" => new Protocol.BeginHandOff(Id(note)),
        "BI" => new Protocol.BeginHandOffAck(Id(note)),
        "BJ" => new Protocol.HandOff(Id(note)),
        "BK" => new Protocol.ShardStopped(Id(note)),
        "EA" => new ShardRegion.StartEntity(Id(note)),
        "EB" => new Protocol.StartEntityAck(Id(note), Id(note, 1)),
        _ => throw new SerializationException($"{GetType().Name} does not know the manifest [{manifest}]"),
    };

    private static Note Note(IActorRef? actor, params string[] ids)
    {
        var note = new Note { Actor = actor is null ? "" : AkkaSerialization.SerializedActorPath(actor) };
        note.Ids.AddRange(ids);
        return note;
    }

    private IActorRef Ref(Note note) => note.Actor.Length > 0
        ? system.Provider.ResolveActorRef(note.Actor)
        : throw new SerializationException("A message of sharding lacks its actor");

    private static string Id(Note note, int at = 0) => at < note.Ids.Count
        ? note.Ids[at]
        : throw new SerializationException("A message of sharding lacks its shard or entity");

    private Payload Wrap(object message)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        return new Payload
        {
            Message = UnsafeByteOperations.UnsafeWrap(serializer.ToBinary(message)),
            SerializerId = serializer.Identifier,
            Manifest = AkkaSerialization.ManifestFor(serializer, message),
        };
    }

    private ShardingEnvelope Envelope(Wire.Envelope envelope)
    {
        var payload = envelope.Message ?? throw new SerializationException("A ShardingEnvelope lacks its message");
        return new(envelope.EntityId,
            system.Serialization.Deserialize(payload.Message.ToByteArray(), payload.SerializerId, payload.Manifest));
    }
}
