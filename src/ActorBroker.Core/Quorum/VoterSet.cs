using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>The disk that a voter votes with.</summary>
/// <param name="Disk">Drawn when the disk was empty.</param>
/// <param name="IsFounding">It was there when the journal began, so whatever it holds is all that it was ever told. One that
/// replaced a lost disk may have forgotten something, until it is confirmed.</param>
public readonly record struct VoterDisk(UInt128 Disk, bool IsFounding);

/// <summary>
/// The voters and their disks, as the journal itself records them. A set of the journal counts from the entry on that holds it,
/// committed or not.
/// </summary>
/// <remarks>
/// <para>
/// Why disks: a voter that lost its disk has forgotten the entries that it acknowledged and the promises that it gave. Voting on,
/// it could make up the majority that elects a proposer which never saw a committed entry, or accept an entry of an epoch that it
/// has promised to refuse. So its new disk does not count, neither in elections nor for commits, until an entry that names it
/// is committed by a majority of all voters without this one, and it has learnt that (<see cref="VoterMeta.IsConfirmed"/>).
/// </para>
/// <para>
/// Why that is safe: that majority, all of which hold the entry, shares a voter other than this one with every majority that ever
/// elected or will elect anyone. Hence no proposer of a higher epoch was elected with the lost disk before (that voter would have
/// refused the entry), and each one elected later adopts a log with the entry, and does not count what the lost disk
/// promised. All that is committed by then lies before the entry, and to be confirmed the new disk must hold what is before it.
/// </para>
/// <para>
/// What it costs: while one of three voters is lost, both others are needed; two lost disks of three stop the journal for good,
/// instead of losing entries silently. A disk put back to an older state (a restored backup) is not noticed: it must be emptied.
/// </para>
/// </remarks>
/// <param name="journal">Names the journal: no other journal ever has this number. A voter that was given the disk of another
/// cluster's voter is known by it, and neither counts nor is written to.</param>
/// <param name="disks">Of each voter.</param>
public sealed class VoterSet(UInt128 journal, ImmutableSortedDictionary<BrokerId, VoterDisk> disks)
{
    public UInt128 Journal { get; } = journal;

    public ImmutableSortedDictionary<BrokerId, VoterDisk> Disks { get; } = disks;

    public int Majority => (Disks.Count / 2) + 1;

    public bool Names(BrokerId id, UInt128 disk) => Disks.TryGetValue(id, out var known) && known.Disk == disk;

    /// <summary>Does what this disk says make up a majority?</summary>
    /// <param name="isConfirmed">What the voter says of its disk.</param>
    public bool Counts(BrokerId id, UInt128 disk, bool isConfirmed) =>
        Disks.TryGetValue(id, out var known) && known.Disk == disk && (known.IsFounding || isConfirmed);

    /// <summary>The voters that begin a journal. Their disks are in no other one, so one of them can lend it its
    /// number.</summary>
    public static VoterSet Founding(IEnumerable<KeyValuePair<BrokerId, UInt128>> voters)
    {
        var disks = voters.ToImmutableSortedDictionary(v => v.Key, v => new VoterDisk(v.Value, IsFounding: true));
        return new(disks[disks.Keys.First()].Disk, disks);
    }

    /// <summary>The same voters, one of them with another disk.</summary>
    public VoterSet With(BrokerId id, UInt128 disk)
    {
        Invariant.Holds(Disks.ContainsKey(id));
        return new(Journal, Disks.SetItem(id, new VoterDisk(disk, IsFounding: false)));
    }
}
