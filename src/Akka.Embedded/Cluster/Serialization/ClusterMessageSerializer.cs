using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Serialization.Wire;
using Akka.Serialization;
using Akka.Util;
using Google.Protobuf;

namespace Akka.Cluster.Serialization;

/// <summary>Messages between nodes of a cluster: id 5, short manifests.</summary>
public class ClusterMessageSerializer : SerializerWithStringManifest
{
    public ClusterMessageSerializer(ExtendedActorSystem system) : base(system) { }

    public override string Manifest(object o) => o switch
    {
        Heartbeat => "HB",
        HeartbeatRsp => "HBR",
        GossipStatus => "GS",
        GossipEnvelope => "GE",
        InitJoin => "IJ",
        InitJoinAck => "IJA",
        InitJoinNack => "IJN",
        Join => "J",
        Welcome => "W",
        ExitingConfirmed => "EC",
        _ => throw new ArgumentException($"{o?.GetType()} is no message of a cluster.", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        IMessage data = obj switch
        {
            Heartbeat m => new HeartbeatData
            {
                From = Addresses.ToData(m.From),
                SequenceNr = m.Sequence,
                CreationTime = m.CreatedMs,
            },
            HeartbeatRsp m => new HeartbeatResponseData
            {
                From = Addresses.ToData(m.From),
                SequenceNr = m.Sequence,
                CreationTime = m.CreatedMs,
            },
            GossipStatus m => new GossipStatusData
            {
                From = Addresses.ToData(m.From),
                Versions = { GossipWriter.Write(m.Version) },
            },
            GossipEnvelope m => new GossipEnvelopeData
            {
                From = Addresses.ToData(m.From),
                To = Addresses.ToData(m.To),
                Gossip = GossipWriter.Write(m.Gossip),
            },
            InitJoin m => new FromAddress { From = Addresses.ToData(m.From) },
            InitJoinAck m => new FromAddress { From = Addresses.ToData(m.From) },
            InitJoinNack m => new FromAddress { From = Addresses.ToData(m.From) },
            Join m => new JoinData
            {
                Node = Addresses.ToData(m.Node),
                Roles = { m.Roles.Order(StringComparer.Ordinal) },
                AppVersion = m.AppVersion.Version,
            },
            Welcome m => new WelcomeData { From = Addresses.ToData(m.From), Gossip = GossipWriter.Write(m.Gossip) },
            ExitingConfirmed m => new FromNode { From = Addresses.ToData(m.From) },
            _ => throw new ArgumentException($"{obj?.GetType()} is no message of a cluster.", nameof(obj)),
        };
        return data.ToByteArray();
    }

    /// <exception cref="SerializationException">Not such a message.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return Read(bytes, manifest);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw new SerializationException($"No message of a cluster [{manifest}]: {e.Message}", e);
        }
    }

    private static object Read(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case "HB":
                var heartbeat = HeartbeatData.Parser.ParseFrom(bytes);
                return new Heartbeat(Addresses.ToAddress(heartbeat.From), heartbeat.SequenceNr, heartbeat.CreationTime);
            case "HBR":
                var answer = HeartbeatResponseData.Parser.ParseFrom(bytes);
                return new HeartbeatRsp(Addresses.ToNode(answer.From), answer.SequenceNr, answer.CreationTime);
            case "GS":
                var status = GossipStatusData.Parser.ParseFrom(bytes);
                return new GossipStatus(Addresses.ToNode(status.From), GossipReader.ReadVersion(status.Versions));
            case "GE":
                var envelope = GossipEnvelopeData.Parser.ParseFrom(bytes);
                return new GossipEnvelope(Addresses.ToNode(envelope.From), Addresses.ToNode(envelope.To),
                    GossipReader.Read(envelope.Gossip));
            case "IJ": return new InitJoin(From(bytes));
            case "IJA": return new InitJoinAck(From(bytes));
            case "IJN": return new InitJoinNack(From(bytes));
            case "J":
                var join = JoinData.Parser.ParseFrom(bytes);
                return new Join(Addresses.ToNode(join.Node), [.. join.Roles], AppVersion.Create(join.AppVersion));
            case "W":
                var welcome = WelcomeData.Parser.ParseFrom(bytes);
                return new Welcome(Addresses.ToNode(welcome.From), GossipReader.Read(welcome.Gossip));
            case "EC": return new ExitingConfirmed(Addresses.ToNode(FromNode.Parser.ParseFrom(bytes).From));
            default: throw new SerializationException($"[{manifest}] is no manifest of a cluster's messages.");
        }
    }

    private static Address From(byte[] bytes) => Addresses.ToAddress(FromAddress.Parser.ParseFrom(bytes).From);
}
