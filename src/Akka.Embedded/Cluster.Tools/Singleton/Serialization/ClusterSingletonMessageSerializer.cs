using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton.Internal;
using Akka.Cluster.Tools.Singleton.Serialization.Wire;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Cluster.Tools.Singleton.Serialization;

/// <summary>Serializer of what managers of a singleton say to each other: who says it, and a number.</summary>
public class ClusterSingletonMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string ToMe = "A";
    private const string InProgress = "B";
    private const string Finished = "C";
    private const string TakeOverFromMe = "D";

    public override string Manifest(object o) => o switch
    {
        HandOver.ToMe => ToMe,
        HandOver.InProgress => InProgress,
        HandOver.Finished => Finished,
        HandOver.TakeOverFromMe => TakeOverFromMe,
        _ => throw new ArgumentException($"{GetType().Name} is not for {o?.GetType()}", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        HandOver.ToMe m => Write(m.From, m.Round),
        HandOver.Finished m => Write(m.From, m.Round),
        HandOver.IMessage m => Write(m.From, 0),
        _ => throw new ArgumentException($"{GetType().Name} is not for {obj?.GetType()}", nameof(obj)),
    };

    /// <exception cref="SerializationException">Not one of ours.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var (from, round) = Read(bytes);
        return manifest switch
        {
            ToMe => new HandOver.ToMe(from, round),
            InProgress => new HandOver.InProgress(from),
            Finished => new HandOver.Finished(from, round),
            TakeOverFromMe => new HandOver.TakeOverFromMe(from),
            _ => throw new SerializationException($"{GetType().Name} does not know the manifest [{manifest}]"),
        };
    }

    private static byte[] Write(UniqueAddress from, long round) => new HandOverMessage
    {
        Protocol = from.Address.Protocol,
        System = from.Address.System,
        Host = from.Address.Host ?? "",
        Port = (uint)(from.Address.Port ?? 0),
        Uid = from.Uid,
        Round = round,
    }.ToByteArray();

    private static (UniqueAddress From, long Round) Read(byte[] bytes)
    {
        try
        {
            var m = HandOverMessage.Parser.ParseFrom(bytes);
            var address = m.Host.Length > 0
                ? new Address(m.Protocol, m.System, m.Host, (int)m.Port)
                : new Address(m.Protocol, m.System);
            return (new UniqueAddress(address, m.Uid), m.Round);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException("These bytes are no message of a singleton manager", e);
        }
    }
}
