using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>How an epoch is won and a log adopted.</summary>
public sealed partial class QuorumProposer
{
    private VoterProgress? _source;
    private LogTail _adopted;

    private void Promised(VoterProgress voter, QuorumAnswer.Promised promised, TimeSpan now)
    {
        voter.Promise = promised;
        if (Stage != ProposerStage.Preparing) return;
        var promises = _voters.Values.Where(v => v.Promise is not null).Select(v => v.Promise!).ToList();
        var newest = promises[0];
        foreach (var other in promises)
            if (other.Tail.IsNewerThan(newest.Tail)) newest = other;
        if (newest.Voters is not { } voters)
        {
            if (promises.Count == _voters.Count) Found(promises, now);
            return;
        }
        if (!voters.Disks.Keys.SequenceEqual(_voters.Keys))
        {
            Stage = ProposerStage.Idle;
            _effects.Enqueue(new ProposerEffect.OtherVoters([.. voters.Disks.Keys]));
            return;
        }
        // Disks that don't count give no vote. A log that they show is genuine nevertheless: proposers wrote it.
        var votes = promises.Count(p => voters.Counts(p.Voter.Id, p.Voter.Disk, p.Voter.IsConfirmed));
        if (votes < voters.Majority) return;
        Stage = ProposerStage.Adopting;
        (_source, _adopted) = (_voters[newest.Voter.Id], newest.Tail);
        Fetch(now);
    }

    /// <summary>Nobody has a journal.</summary>
    private void Found(List<QuorumAnswer.Promised> promises, TimeSpan now) => Lead(
        new VoterSet(promises.ToImmutableSortedDictionary(
            p => p.Voter.Id, p => new VoterDisk(p.Voter.Disk, IsFounding: true))), now);

    /// <summary>If the voter stops answering, the election does not end; the shell campaigns again after a while.</summary>
    private void Fetch(TimeSpan now) => Ask(_source!, new QuorumRequest.Fetch(_self, Epoch, ++_requests, _log.End), now);

    private void Adopt(VoterProgress voter, QuorumAnswer.Fetched fetched, TimeSpan now)
    {
        if (Stage != ProposerStage.Adopting || voter != _source) return;
        // The voter's log stays as it is in this epoch, in which nobody but this proposer could change it, unless its disk is
        // lost.
        if (voter.Disk != voter.Promise!.Voter.Disk) return;
        if (fetched.Snapshot is { } snapshot && snapshot.End > _log.End) _log.Install(snapshot);
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
