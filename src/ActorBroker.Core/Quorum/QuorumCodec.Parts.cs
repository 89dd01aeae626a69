using System.Collections.Immutable;
using ActorBroker.Core.Controller.Codecs;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Quorum;

/// <summary>What stands in messages, and on a voter's disk too: what is written there is read for ever.</summary>
public static partial class QuorumCodec
{
    public static void Write(WireWriter wire, ProposerId proposer)
    {
        wire.BrokerId(proposer.Broker);
        wire.Int64(proposer.Session);
    }

    public static ProposerId ReadProposer(ref WireReader wire) => new(wire.BrokerId(), wire.Int64());

    public static void Write(WireWriter wire, QuorumEntry entry)
    {
        wire.Epoch(entry.Epoch);
        wire.Bytes(entry.Event.Span, flexible: true);
        WriteOptional(wire, entry.Voters);
    }

    public static QuorumEntry ReadEntry(ref WireReader wire) =>
        new(wire.Epoch(), wire.Bytes(flexible: true), ReadOptionalVoters(ref wire));

    public static void Write(WireWriter wire, QuorumSnapshot snapshot)
    {
        wire.Offset(snapshot.End);
        wire.Epoch(snapshot.LastEpoch);
        Write(wire, snapshot.Voters);
        wire.Bytes(snapshot.State.Span, flexible: true);
    }

    public static QuorumSnapshot ReadSnapshot(ref WireReader wire) =>
        new(wire.Offset(), wire.Epoch(), ReadVoters(ref wire), wire.Bytes(flexible: true));

    public static void Write(WireWriter wire, VoterMeta meta)
    {
        wire.Int16(Version);
        wire.UInt128(meta.Disk);
        wire.Epoch(meta.Promise);
        Write(wire, meta.PromisedTo);
        wire.Boolean(meta.IsConfirmed);
        wire.NoTags();
    }

    /// <inheritdoc cref="ReadRequest"/>
    public static VoterMeta ReadMeta(ref WireReader wire)
    {
        CheckVersion("a voter's state", ref wire);
        var meta = new VoterMeta(wire.UInt128(), wire.Epoch(), ReadProposer(ref wire), wire.Boolean());
        wire.SkipTags();
        return meta;
    }

    private static void WriteOptional(WireWriter wire, VoterSet? voters)
    {
        wire.Boolean(voters is not null);
        if (voters is not null) Write(wire, voters);
    }

    private static VoterSet? ReadOptionalVoters(ref WireReader wire) => wire.Boolean() ? ReadVoters(ref wire) : null;

    private static void Write(WireWriter wire, SnapshotPart part)
    {
        wire.Offset(part.End);
        wire.Epoch(part.LastEpoch);
        Write(wire, part.Voters);
        wire.Int32(part.Length);
        wire.Int32(part.Position);
        wire.Bytes(part.Bytes.Span, flexible: true);
    }

    private static SnapshotPart ReadPart(ref WireReader wire)
    {
        var part = new SnapshotPart(
            wire.Offset(), wire.Epoch(), ReadVoters(ref wire), wire.Int32(), wire.Int32(), wire.Bytes(flexible: true));
        if (part.Position < 0 || part.Bytes.Length > part.Length - part.Position)
            throw new WireException($"Bytes {part.Position} to {part.Position + part.Bytes.Length} of {part.Length}.");
        return part;
    }

    private static void Write(WireWriter wire, VoterSet voters)
    {
        wire.UInt128(voters.Journal);
        wire.Items([.. voters.Disks], static (w, voter) =>
        {
            w.BrokerId(voter.Key);
            w.UInt128(voter.Value.Disk);
            w.Boolean(voter.Value.IsFounding);
        });
    }

    private static VoterSet ReadVoters(ref WireReader wire) => new(
        wire.UInt128(),
        wire.Items(static (ref WireReader w) => KeyValuePair.Create(w.BrokerId(), new VoterDisk(w.UInt128(), w.Boolean())))
            .ToImmutableSortedDictionary(v => v.Key, v => v.Value));
}
