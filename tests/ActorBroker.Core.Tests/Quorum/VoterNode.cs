using System.Collections.Immutable;
using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Quorum;

/// <summary>A voter with a disk that keeps what was stored, and forgets the rest when the power is cut.</summary>
internal sealed class VoterNode
{
    /// <summary>So small that it takes several messages, for snapshots too.</summary>
    public static readonly QuorumLimits Limits = new(EntryBytes: 8, SnapshotBytes: 3);

    private readonly BrokerId _id;
    private QuorumVoter _voter;
    private VoterMeta? _meta;
    private QuorumSnapshot? _snapshot;
    private Offset _logStart = Offset.Zero;
    private List<QuorumEntry> _entries = [];

    public VoterNode(BrokerId id, UInt128 disk)
    {
        _id = id;
        _voter = new QuorumVoter(id, disk, Limits);
    }

    public QuorumVoter Voter => _voter;

    public QuorumSnapshot? Snapshot => _snapshot;

    /// <summary>What is on its disk may count in any election: no disk of it was lost, or that is made good.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Its disk is of another cluster's voter.</summary>
    public bool IsForeign { get; private set; }

    /// <summary>Does effects until there are none, or until the power is cut.</summary>
    /// <param name="powerLeft">Effects that are still done; then one of them only half.</param>
    /// <returns>Whether it learnt that something is committed.</returns>
    public bool Run(Action<ProposerId, QuorumAnswer> send, int powerLeft = int.MaxValue, int torn = 0)
    {
        var learnt = false;
        while (_voter.TryTakeEffect(out var effect))
        {
            learnt |= effect is VoterEffect.Learnt;
            if (powerLeft-- == 0)
            {
                if (effect is VoterEffect.Write w) Do(w with { Entries = w.Entries[..(torn % (w.Entries.Length + 1))] });
                Restart();
                powerLeft = int.MaxValue;
                continue;
            }
            if (effect is VoterEffect.Send message) send(message.To, message.Answer);
            else Do(effect);
        }
        return learnt;
    }

    public void Restart() => _voter = _meta is null
        ? new QuorumVoter(_id, _voter.Meta.Disk, Limits)
        : new QuorumVoter(_id, new StoredVoter(_meta, _snapshot, _logStart, [.. _entries]), Limits);

    public void LoseDisk(UInt128 newDisk)
    {
        (_meta, _snapshot, _logStart, _entries, IsWhole, IsForeign) = (null, null, Offset.Zero, [], false, false);
        _voter = new QuorumVoter(_id, newDisk, Limits);
    }

    /// <summary>The disk of a voter of another cluster, which has the same brokers.</summary>
    public void TakeForeignDisk(UInt128 disk, int voters, Epoch promise)
    {
        var set = VoterSet.Founding(Enumerable.Range(0, voters).Select(
            i => KeyValuePair.Create(new BrokerId(i), i == _id.Value ? disk : disk + 1000 + (ulong)i)));
        (_meta, _snapshot, _logStart, IsWhole, IsForeign) = (
            new VoterMeta(disk, promise, new ProposerId(new(0), -1), IsConfirmed: true), null, Offset.Zero, false, true);
        _entries =
        [
            new(Epoch.Zero, ReadOnlyMemory<byte>.Empty, set), new(Epoch.Zero, "foreign"u8.ToArray()), new(promise, "more"u8.ToArray()),
        ];
        Restart();
    }

    private void Do(VoterEffect effect)
    {
        switch (effect)
        {
            case VoterEffect.SaveMeta save:
                _meta = save.Meta;
                IsWhole |= save.Meta.IsConfirmed && !IsForeign;
                break;
            case VoterEffect.SaveSnapshot save: _snapshot = save.Snapshot; break;
            case VoterEffect.DropBefore drop:
                _entries.RemoveRange(0, (int)(drop.Start - _logStart));
                _logStart = drop.Start;
                break;
            case VoterEffect.Reset reset: (_logStart, _entries) = (reset.Start, []); break;
            case VoterEffect.Truncate cut: _entries = _entries[..(int)(cut.End - _logStart)]; break;
            case VoterEffect.Write write:
                Assert.Equal(_logStart + _entries.Count, write.Start);
                _entries.AddRange(write.Entries);
                break;
            case VoterEffect.Learnt: break;
            default: Assert.Fail($"Unknown effect {effect}"); break;
        }
    }
}
