using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>
/// Writes the controller's journal: wins an epoch from a majority of the voters, adopts the newest log among them, appends to it,
/// and says what is committed. There may be several at a time; the voters see to it that at most one of an epoch commits. No
/// clock, disk or sending here, and nothing that must survive: time is passed in, effects are taken with
/// <see cref="TryTakeEffect"/>.
/// </summary>
/// <remarks>
/// Why nothing committed is lost: what is committed is on the disks of a majority, and a majority elects, so one of those that
/// elect has it. Their newest log has it too: a log that ends with a higher epoch was written by a proposer whose own election
/// met the entry. An entry of an earlier epoch counts as committed only with the first entry of this one
/// behind it: on a majority alone, it can still be overwritten by a proposer whose log ends with an epoch between the two.
/// <para>
/// The first journal of all is begun when all voters say that they have none. A majority of them is not enough: of three voters,
/// one may have written a journal together with the second, whose disk was lost since, and be down now; the third never heard of
/// it. The second and the third, both empty, can't tell that from a cluster that was never founded.
/// </para>
/// </remarks>
public sealed partial class QuorumProposer
{
    private readonly ProposerId _self;
    private readonly TimeSpan _repeatAfter;
    private readonly QuorumLimits _limits;
    private readonly SortedDictionary<BrokerId, VoterProgress> _voters = [];
    private readonly Queue<ProposerEffect> _effects = new();
    private readonly HashSet<BrokerId> _foreign = [];
    private QuorumLog _log = new();
    private Epoch _highestSeen = Epoch.None;
    private Offset _epochStart;
    private long _requests;

    /// <param name="voters">As configured; they must be those of the journal.</param>
    /// <param name="repeatAfter">Longer than a round trip and a flush. A request without an answer is sent again after this, and
    /// an idle voter is asked for a sign of life.</param>
    public QuorumProposer(ProposerId self, IEnumerable<BrokerId> voters, TimeSpan repeatAfter, QuorumLimits limits)
    {
        (_self, _repeatAfter, _limits) = (self, repeatAfter, limits);
        foreach (var voter in voters) _voters.Add(voter, new VoterProgress(voter));
        Invariant.Holds(_voters.Count > 0);
    }

    public ProposerStage Stage { get; private set; }

    /// <summary>The epoch that it campaigns for or has won.</summary>
    public Epoch Epoch { get; private set; } = Epoch.None;

    /// <summary>All before this is committed, as far as this proposer knows.</summary>
    public Offset Committed { get; private set; }

    /// <summary>The offset of the first entry; what came before it is in a snapshot.</summary>
    public Offset Start => _log.Start;

    /// <summary>The offset of the next entry.</summary>
    public Offset End => _log.End;

    /// <summary>It has said <see cref="ProposerEffect.Won"/>, and nobody has taken over since.</summary>
    public bool MayAppend => Stage == ProposerStage.Leading && Committed > _epochStart;

    /// <summary>Entries of its log.</summary>
    public ImmutableArray<QuorumEntry> Between(Offset start, Offset end) => _log.Between(start, end);

    public bool TryTakeEffect(out ProposerEffect effect) => _effects.TryDequeue(out effect!);

    /// <summary>Asks all voters for an epoch that is higher than any that it has heard of.</summary>
    public void Campaign(TimeSpan now)
    {
        Epoch = _highestSeen.Next();
        _highestSeen = Epoch;
        Stage = ProposerStage.Preparing;
        _log = new QuorumLog();
        Committed = Offset.Zero;
        _source = null;
        _foreign.Clear();
        foreach (var voter in _voters.Values)
        {
            voter.StartEpoch();
            Prepare(voter, now);
        }
    }

    /// <summary>Stops proposing. What was appended and is not committed may or may not be.</summary>
    public void Resign() => Stage = ProposerStage.Idle;

    /// <summary>Appends events, to be committed together with those that were appended before.</summary>
    /// <returns>The offset of the first one; they are committed with <see cref="ProposerEffect.Committed"/>.</returns>
    public Offset Append(ImmutableArray<ReadOnlyMemory<byte>> events, TimeSpan now)
    {
        Invariant.Holds(MayAppend);
        var first = _log.End;
        foreach (var bytes in events) _log.Append(new QuorumEntry(Epoch, bytes));
        PumpAll(now);
        return first;
    }

    /// <summary>The controller's state after all before <paramref name="end"/>: voters keep it instead of those
    /// entries.</summary>
    public void Compact(Offset end, ReadOnlyMemory<byte> state, TimeSpan now)
    {
        Invariant.Holds(MayAppend && end <= Committed);
        if (end <= _log.Start) return;
        _log.Install(new QuorumSnapshot(end, _log.EpochBefore(end), _log.VotersAt(end)!, state));
        PumpAll(now);
    }

    public void Hear(QuorumAnswer answer, TimeSpan now)
    {
        if (answer is QuorumAnswer.Refused refused && refused.Promise > _highestSeen) _highestSeen = refused.Promise;
        if (Stage == ProposerStage.Idle || answer.Epoch != Epoch) return;
        if (!_voters.TryGetValue(answer.Voter.Id, out var voter)) return;
        // Another cluster's voter has promised whatever to whom, and it means nothing here.
        var isForeign = Stage == ProposerStage.Leading && answer.Voter.Journal != UInt128.Zero
            && answer.Voter.Journal != _log.Voters!.Journal;
        if (answer is QuorumAnswer.Refused to && !isForeign)
        {
            Stage = ProposerStage.Idle;
            _effects.Enqueue(new ProposerEffect.Lost(to.Promise, to.PromisedTo));
            return;
        }
        if (!voter.Heard(answer)) return;
        var awaited = answer.Number == voter.Awaited;
        if (awaited) voter.Awaited = 0;
        switch (answer)
        {
            case QuorumAnswer.Promised promised: Promised(voter, promised, now); break;
            case QuorumAnswer.Fetched fetched: if (awaited) Adopt(voter, fetched, now); break;
            case QuorumAnswer.Appended appended: voter.MatchesTo(appended.End); break;
            case QuorumAnswer.Installing part: voter.Snapshot = (part.End, part.Position); break;
            case QuorumAnswer.OfOtherJournal or QuorumAnswer.Refused: break; // Which one it has, the voter has said above.
            case QuorumAnswer.Diverged diverged:
                voter.Next = Offset.Max(voter.Match, Offset.Min(diverged.TryFrom, voter.Next));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(answer), answer, "An answer that this version does not know.");
        }
        if (Stage == ProposerStage.Leading) Advance(voter, now);
    }

    /// <summary>Repeats what was not answered. To be called from time to time.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var voter in _voters.Values)
        {
            if (now - voter.SentAt < _repeatAfter) continue;
            switch (Stage)
            {
                case ProposerStage.Preparing: if (voter.Promise is null) Prepare(voter, now); break;
                case ProposerStage.Adopting: if (voter == _source) Fetch(now); break;
                // Of another cluster: if its disk is emptied, it says so.
                case ProposerStage.Leading when voter.IsOfAnother(_log.Voters!.Journal): Prepare(voter, now); break;
                case ProposerStage.Leading: Send(voter, now); break;
            }
        }
    }

    private void Prepare(VoterProgress voter, TimeSpan now) =>
        Ask(voter, new QuorumRequest.Prepare(_self, Epoch, ++_requests), now);

    private void Ask(VoterProgress voter, QuorumRequest request, TimeSpan now)
    {
        voter.Awaited = request.Number;
        voter.SentAt = now;
        _effects.Enqueue(new ProposerEffect.Send(voter.Id, request));
    }
}
