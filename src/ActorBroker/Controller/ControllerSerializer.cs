using ActorBroker.Core.Controller.Codecs;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol.Kafka;
using Akka.Actor;
using Akka.Serialization;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Controller;

/// <summary>Writes what brokers and the controller tell each other. Bound to their types in reference.conf.</summary>
internal sealed class ControllerSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const bool Flexible = true;
    private const short Version = 0;

    private const string RequestName = "request";
    private const string DecidedName = "decided";
    private const string FailedName = "failed";
    private const string FollowName = "follow";
    private const string CurrentName = "current";
    private const string LeadsName = "leads";
    private const string TouchName = "touch";
    private const string TouchedName = "touched";
    private const string SeekName = "seek-cluster";
    private const string OtherName = "other-cluster";
    private const string DeltaName = "delta";
    private const string SnapshotName = "snapshot";

    public override int Identifier => 9202;

    public override string Manifest(object o) => o switch
    {
        Request => RequestName,
        Decided => DecidedName,
        Failed => FailedName,
        Follow => FollowName,
        Current => CurrentName,
        Leads => LeadsName,
        Touch => TouchName,
        Touched => TouchedName,
        SeekCluster => SeekName,
        OtherCluster => OtherName,
        MetadataDelta => DeltaName,
        MetadataSnapshotPart => SnapshotName,
        _ => throw new ArgumentException($"{o.GetType()} is nothing that the controller tells or hears.", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        using var wire = new WireWriter();
        wire.Int16(Version);
        switch (obj)
        {
            case Request m:
                wire.UInt128(m.Asker);
                wire.Int64(m.Number);
                wire.String(ClusterCommandCodec.KindOf(m.Command), Flexible);
                ClusterCommandCodec.Write(wire, m.Command);
                break;
            case Decided m:
                wire.Int64(m.Number);
                wire.Int64(m.Version);
                wire.String(ClusterAnswerCodec.KindOf(m.Answer), Flexible);
                ClusterAnswerCodec.Write(wire, m.Answer);
                break;
            case Failed m:
                wire.Int64(m.Number);
                wire.String(m.Reason, Flexible);
                break;
            case Follow m:
                wire.BrokerId(m.Broker);
                wire.UInt128(m.Incarnation);
                wire.Int64(m.Held);
                wire.Int64(m.CarriedOut);
                wire.Boolean(m.HasGap);
                wire.Int64(m.AskedAt);
                break;
            case Current m:
                wire.Int64(m.Version);
                wire.Int64(m.AskedAt);
                break;
            case Touch m: wire.Int64(m.AskedAt); break;
            case Touched m:
                wire.BrokerId(m.Broker);
                wire.Int64(m.AskedAt);
                wire.Int64(m.Version);
                break;
            case Leads m: wire.Epoch(m.Epoch); break;
            case SeekCluster m: wire.Items(m.Voters, static (w, voter) => w.BrokerId(voter)); break;
            case OtherCluster m: wire.BrokerId(m.Broker); break;
            case MetadataDelta m:
                wire.Int64(m.From);
                MetadataEventCodec.WriteAll(wire, m.Events);
                break;
            case MetadataSnapshotPart m:
                wire.Int64(m.Version);
                wire.Int32(m.Index);
                wire.Int32(m.Count);
                MetadataEventCodec.WriteAll(wire, m.Events);
                break;
            default: throw new ArgumentException($"{obj.GetType()} is nothing that the controller tells or hears.", nameof(obj));
        }
        wire.NoTags();
        return wire.WrittenSpan.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var wire = new WireReader(bytes.AsSpan());
        if (wire.Int16() is not Version and var version)
            throw new WireException($"Version {version} of {manifest} is newer than this broker.");
        object message = manifest switch
        {
            RequestName => new Request(
                wire.UInt128(), wire.Int64(), ClusterCommandCodec.Read(wire.String(Flexible), ref wire)),
            DecidedName => ReadDecided(ref wire),
            FailedName => new Failed(wire.Int64(), wire.String(Flexible)),
            LeadsName => new Leads(wire.Epoch()),
            FollowName => new Follow(wire.BrokerId(), wire.UInt128(), wire.Int64(), wire.Int64(), wire.Boolean())
            {
                AskedAt = wire.Int64(),
            },
            CurrentName => new Current(wire.Int64()) { AskedAt = wire.Int64() },
            TouchName => new Touch(wire.Int64()),
            TouchedName => new Touched(wire.BrokerId(), wire.Int64(), wire.Int64()),
            SeekName => new SeekCluster(wire.Items(static (ref WireReader w) => w.BrokerId())),
            OtherName => new OtherCluster(wire.BrokerId()),
            DeltaName => new MetadataDelta(wire.Int64(), MetadataEventCodec.ReadAll(ref wire)),
            SnapshotName => new MetadataSnapshotPart(
                wire.Int64(), wire.Int32(), wire.Int32(), MetadataEventCodec.ReadAll(ref wire)),
            _ => throw new WireException($"{manifest} is newer than this broker."),
        };
        wire.SkipTags();
        return message;
    }

    private static Decided ReadDecided(ref WireReader wire)
    {
        var (number, version) = (wire.Int64(), wire.Int64());
        return new Decided(number, ClusterAnswerCodec.Read(wire.String(Flexible), ref wire), version);
    }
}
