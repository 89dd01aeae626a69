using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>How the log gets to the voters, and when it is committed.</summary>
public sealed partial class QuorumProposer
{
    private void Advance(VoterProgress voter, TimeSpan now)
    {
        var changed = Commit();
        changed |= Readmit(voter);
        if (changed) PumpAll(now);
        else if (voter.Awaited == 0) Pump(voter, now);
        if (voter.IsOfAnother(_log.Voters!.Journal) && _foreign.Add(voter.Id))
            _effects.Enqueue(new ProposerEffect.ForeignVoter(voter.Id));
    }

    private bool Commit()
    {
        var voters = _log.Voters!;
        var ends = _voters.Values.Where(v => v.Disk is { } disk && voters.Counts(v.Id, disk, v.IsConfirmed))
            .Select(v => v.Match).OrderDescending().ToList();
        if (ends.Count < voters.Majority) return false;
        var end = ends[voters.Majority - 1];
        if (end <= Committed || end <= _epochStart) return false;
        var hadWon = MayAppend;
        Committed = end;
        _effects.Enqueue(
            hadWon ? new ProposerEffect.Committed(end)
            : new ProposerEffect.Won(Epoch, _log.Snapshot, _log.Between(_log.Start, end)));
        return true;
    }

    /// <summary>
    /// A voter with a disk that the journal does not know, and that has caught up, is recorded with it; see
    /// <see cref="VoterSet"/>. One after the other, each after the one before is committed, so that no majority is counted twice
    /// in two ways.
    /// </summary>
    private bool Readmit(VoterProgress voter)
    {
        if (!MayAppend || voter.Disk is not { } disk || _log.Voters!.Names(voter.Id, disk)) return false;
        if (voter.Match < _log.End || voter.SnapshotEnd < _log.Start || !VotersAreCommitted()) return false;
        _log.Append(new QuorumEntry(Epoch, ReadOnlyMemory<byte>.Empty, _log.Voters.With(voter.Id, disk)));
        return true;
    }

    private bool VotersAreCommitted()
    {
        for (var at = Committed; at < _log.End; at += 1)
            if (_log[at].Voters is not null) return false;
        return true;
    }

    private void PumpAll(TimeSpan now)
    {
        foreach (var voter in _voters.Values)
            if (voter.Awaited == 0) Pump(voter, now);
    }

    /// <summary>Sends what the voter lacks, if anything.</summary>
    private void Pump(VoterProgress voter, TimeSpan now)
    {
        if (voter.IsOfAnother(_log.Voters!.Journal)) return;
        if (voter.Next < _log.End || voter.SnapshotEnd < _log.Start || voter.ToldCommitted < Committed) Send(voter, now);
    }

    private void Send(VoterProgress voter, TimeSpan now)
    {
        // Whoever was not heard of in this epoch may well have the snapshot: first it is asked.
        if (voter.Disk is not null && voter.SnapshotEnd < _log.Start)
        {
            var position = voter.Snapshot.End == _log.Start ? voter.Snapshot.Position : 0;
            var part = SnapshotPart.Of(_log.Snapshot!, position, _limits.SnapshotBytes);
            Ask(voter, new QuorumRequest.Install(_self, Epoch, ++_requests, part), now);
            return;
        }
        if (voter.Next < _log.Start) voter.Next = _log.Start;
        var entries = _log.From(voter.Next, _limits.EntryBytes);
        voter.ToldCommitted = Offset.Min(Committed, voter.Next + entries.Length);
        Ask(voter, new QuorumRequest.Append(
            _self, Epoch, ++_requests, _log.Voters!.Journal, voter.Next, _log.EpochBefore(voter.Next), entries, Committed), now);
    }
}
