using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>How an epoch is won and a log adopted.</summary>
public sealed partial class QuorumProposer
{
    private VoterProgress? _source;
    private LogTail _adopted;
    private readonly SnapshotParts _adopting = new();

    private void Promised(VoterProgress voter, QuorumAnswer.Promised promised, TimeSpan now)
    {
        voter.Promise = promised;
        if (Stage != ProposerStage.Preparing) return;
        var promises = _voters.Values.Where(v => v.Promise is not null).Select(v => v.Promise!).ToList();
        // One is enough but for a voter with another cluster's disk.
        var journals = promises.Where(p => p.Voters is not null).ToLookup(p => p.Voters!.Journal);
        foreach (var journal in journals)
        {
            var newest = journal.First();
            foreach (var other in journal)
                if (other.Tail.IsNewerThan(newest.Tail)) newest = other;
            var voters = newest.Voters!;
            if (!voters.Disks.Keys.SequenceEqual(_voters.Keys))
            {
                if (journals.Count > 1 || journal.Count() < voters.Majority) continue;
                Stage = ProposerStage.Idle;
                _effects.Enqueue(new ProposerEffect.OtherVoters([.. voters.Disks.Keys]));
                return;
            }
            // Disks that don't count give no vote. A log that they show is genuine nevertheless: proposers wrote it.
            var votes = promises.Count(p => voters.Counts(p.Voter.Id, p.Voter.Disk, p.Voter.IsConfirmed));
            if (votes < voters.Majority) continue;
            Stage = ProposerStage.Adopting;
            (_source, _adopted) = (_voters[newest.Voter.Id], newest.Tail);
            _adopting.Clear();
            Fetch(now);
            return;
        }
        // Nobody has a journal.
        if (journals.Count == 0 && promises.Count == _voters.Count)
            Lead(VoterSet.Founding(promises.Select(p => KeyValuePair.Create(p.Voter.Id, p.Voter.Disk))), now);
    }

    /// <summary>What the voters have said since the campaign began, for who looks why nobody is elected.</summary>
    public string Describe()
    {
        var journal = _log.Voters?.Journal
            ?? _voters.Values.GroupBy(v => v.Journal).Where(g => g.Key != UInt128.Zero).MaxBy(g => g.Count())?.Key
            ?? UInt128.Zero;
        return string.Join("; ", _voters.Values.Select(v => $"{v.Id} " + (
            v.Disk is null ? "does not answer"
            : v.Journal == UInt128.Zero ? "has an empty disk"
            : v.Journal != journal ? "has another cluster's disk"
            : v.Promise is { Voters: { } voters } p && !voters.Counts(v.Id, p.Voter.Disk, p.Voter.IsConfirmed)
                ? "lost its disk, and is not filled again yet"
            : "is there")));
    }

    /// <summary>If the voter stops answering, the election does not end; the shell campaigns again after a while.</summary>
    private void Fetch(TimeSpan now) => Ask(
        _source!, new QuorumRequest.Fetch(_self, Epoch, ++_requests, _log.End, _adopting.Received), now);

    private void Adopt(VoterProgress voter, QuorumAnswer.Fetched fetched, TimeSpan now)
    {
        if (Stage != ProposerStage.Adopting || voter != _source) return;
        // The voter's log stays as it is in this epoch, in which nobody but this proposer could change it, unless its disk is
        // lost.
        if (voter.Disk != voter.Promise!.Voter.Disk) return;
        if (fetched.Part is { } part && part.End > _log.End)
        {
            if (_adopting.Take(part) is not { } snapshot)
            {
                Fetch(now);
                return;
            }
            _log.Install(snapshot);
        }
        if (fetched.Start != _log.End) return;
        foreach (var entry in fetched.Entries) _log.Append(entry);
        if (_log.End < _adopted.End)
        {
            Fetch(now);
            return;
        }
        Invariant.Holds(_log.Tail == _adopted);
        Lead(_log.Voters!, now);
    }

    private void Lead(VoterSet voters, TimeSpan now)
    {
        Stage = ProposerStage.Leading;
        Committed = _log.Start;
        _epochStart = _log.End;
        foreach (var voter in _voters.Values) (voter.Next, voter.Awaited) = (_log.End, 0);
        _log.Append(new QuorumEntry(Epoch, ReadOnlyMemory<byte>.Empty, voters));
        PumpAll(now);
    }
}
