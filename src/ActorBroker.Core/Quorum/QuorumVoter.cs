using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>
/// One broker's copy of the controller's journal, and its vote. No clock, disk or sending here: what a step asks for is queued
/// and taken with <see cref="TryTakeEffect"/>.
/// </summary>
/// <remarks>
/// Invariants: the promise never goes back; what is committed never changes; of one epoch only one proposer is heard. A log that
/// can't be read to its end is a lost disk: the shell sets it aside and starts with an empty one, and a new number for it. What
/// that means for its vote is at <see cref="VoterSet"/>.
/// </remarks>
public sealed class QuorumVoter
{
    private readonly BrokerId _self;
    private readonly QuorumLimits _limits;
    private readonly QuorumLog _log = new();
    private readonly SnapshotParts _incoming = new();
    private readonly Queue<VoterEffect> _effects = new();

    /// <summary>A voter on an empty disk.</summary>
    /// <param name="disk">Unique for ever, for example random.</param>
    public QuorumVoter(BrokerId self, UInt128 disk, QuorumLimits limits)
    {
        (_self, _limits, Meta) = (self, limits, VoterMeta.New(disk));
        _effects.Enqueue(new VoterEffect.SaveMeta(Meta));
    }

    /// <summary>A voter that starts again.</summary>
    public QuorumVoter(BrokerId self, StoredVoter stored, QuorumLimits limits)
    {
        (_self, _limits, Meta) = (self, limits, stored.Meta);
        var snapshot = stored.Snapshot;
        if (snapshot is null) Invariant.Holds(stored.LogStart == Offset.Zero);
        else _log.Install(snapshot);
        Committed = _log.Start;
        Restore(stored);
    }

    public VoterMeta Meta { get; private set; }

    /// <summary>All before this is committed, as far as this voter was told since it started.</summary>
    public Offset Committed { get; private set; }

    public LogTail Tail => _log.Tail;

    public QuorumSnapshot? Snapshot => _log.Snapshot;

    /// <summary>Committed entries behind the snapshot.</summary>
    public ImmutableArray<QuorumEntry> CommittedEntries => _log.Between(_log.Start, Committed);

    private VoterInfo Info => new(_self, Meta.Disk, Journal, Meta.IsConfirmed, _log.Start);

    private UInt128 Journal => _log.Voters?.Journal ?? UInt128.Zero;

    public bool TryTakeEffect(out VoterEffect effect) => _effects.TryDequeue(out effect!);

    public void Hear(QuorumRequest request)
    {
        // An equal epoch of another proposer is refused too: only one of the two can have won it, and it may be the other one.
        if (request.Epoch < Meta.Promise || (request.Epoch == Meta.Promise && request.From != Meta.PromisedTo))
        {
            Answer(request, new QuorumAnswer.Refused(Info, request.Epoch, request.Number, Meta.Promise, Meta.PromisedTo));
            return;
        }
        if (request.Journal != UInt128.Zero && Journal != UInt128.Zero && request.Journal != Journal)
        {
            // What it holds is another cluster's, and nothing for this proposer to change.
            Answer(request, new QuorumAnswer.OfOtherJournal(Info, request.Epoch, request.Number));
            return;
        }
        if (request is QuorumRequest.Fetch && request.Epoch != Meta.Promise) return; // Its promise went to a lost disk.
        if (request.Epoch > Meta.Promise) _incoming.Clear(); // Another proposer's snapshot may be made of other bytes.
        if (request.Epoch > Meta.Promise) Save(Meta with { Promise = request.Epoch, PromisedTo = request.From });
        switch (request)
        {
            case QuorumRequest.Prepare:
                Answer(request, new QuorumAnswer.Promised(Info, request.Epoch, request.Number, _log.Tail, _log.Voters));
                break;
            case QuorumRequest.Fetch fetch: Show(fetch); break;
            case QuorumRequest.Append append: Append(append); break;
            case QuorumRequest.Install install: Install(install); break;
            default: throw new ArgumentOutOfRangeException(nameof(request), request, "A request without a rule.");
        }
    }

    private void Show(QuorumRequest.Fetch fetch)
    {
        var part = fetch.Start < _log.Start
            ? SnapshotPart.Of(_log.Snapshot!, fetch.SnapshotPosition, _limits.SnapshotBytes)
            : null;
        var start = Offset.Min(Offset.Max(fetch.Start, _log.Start), _log.End);
        Answer(fetch, new QuorumAnswer.Fetched(
            Info, fetch.Epoch, fetch.Number, part, start,
            part is null or { IsLast: true } ? _log.From(start, _limits.EntryBytes) : []));
    }

    private void Append(QuorumRequest.Append append)
    {
        if (append.Start > _log.End)
        {
            Answer(append, new QuorumAnswer.Diverged(Info, append.Epoch, append.Number, _log.End));
            return;
        }
        // What lies before the start of the log is committed, hence the same for all.
        if (append.Start >= _log.Start && _log.EpochBefore(append.Start) != append.EpochBefore)
        {
            var from = Offset.Max(_log.StartOfEpochBefore(append.Start), Committed);
            Answer(append, new QuorumAnswer.Diverged(Info, append.Epoch, append.Number, from));
            return;
        }
        Take(append.Start, append.Entries);
        var end = append.Start + append.Entries.Length;
        Learn(Offset.Min(append.Committed, end));
        Answer(append, new QuorumAnswer.Appended(Info, append.Epoch, append.Number, end));
    }

    private void Take(Offset start, ImmutableArray<QuorumEntry> entries)
    {
        var at = start;
        foreach (var entry in entries)
        {
            // A request may be an old one: what is like it stays, and all behind it too.
            if (at < _log.Start || (at < _log.End && _log[at].Epoch == entry.Epoch))
            {
                at += 1;
                continue;
            }
            break;
        }
        var known = checked((int)(at - start));
        if (known == entries.Length) return;
        if (at < _log.End)
        {
            Invariant.Holds(at >= Committed);
            _log.TruncateTo(at);
            _effects.Enqueue(new VoterEffect.Truncate(at));
        }
        foreach (var entry in entries[known..]) _log.Append(entry);
        _effects.Enqueue(new VoterEffect.Write(at, entries[known..]));
    }

    private void Install(QuorumRequest.Install install)
    {
        var part = install.Part;
        if (part.End > _log.Start)
        {
            if (_incoming.Take(part) is not { } snapshot)
            {
                Answer(install, new QuorumAnswer.Installing(
                    Info, install.Epoch, install.Number, _incoming.End, _incoming.Received));
                return;
            }
            var continues = _log.Holds(snapshot);
            Invariant.Holds(continues || snapshot.End > Committed);
            _log.Install(snapshot);
            _effects.Enqueue(new VoterEffect.SaveSnapshot(snapshot));
            _effects.Enqueue(continues ? new VoterEffect.DropBefore(snapshot.End) : new VoterEffect.Reset(snapshot.End));
            if (snapshot.Voters.Names(_self, Meta.Disk)) Confirm();
            if (snapshot.End > Committed)
            {
                Committed = snapshot.End;
                _effects.Enqueue(new VoterEffect.Learnt(Committed));
            }
        }
        Answer(install, new QuorumAnswer.Appended(Info, install.Epoch, install.Number, part.End));
    }

    private void Learn(Offset committed)
    {
        if (committed <= Committed) return;
        for (var at = Offset.Max(Committed, _log.Start); at < committed; at += 1)
            if (_log[at].Voters is { } voters && voters.Names(_self, Meta.Disk)) Confirm();
        Committed = committed;
        _effects.Enqueue(new VoterEffect.Learnt(committed));
    }

    private void Confirm()
    {
        if (!Meta.IsConfirmed) Save(Meta with { IsConfirmed = true });
    }

    private void Save(VoterMeta meta)
    {
        Meta = meta;
        _effects.Enqueue(new VoterEffect.SaveMeta(meta));
    }

    private void Answer(QuorumRequest request, QuorumAnswer answer) =>
        _effects.Enqueue(new VoterEffect.Send(request.From, answer));

    /// <summary>Takes the stored entries that continue the snapshot. Others are left over from a crash between storing a snapshot
    /// and dropping what it replaced.</summary>
    private void Restore(StoredVoter stored)
    {
        var (entries, start, end) = (stored.Entries, stored.LogStart, stored.LogStart + stored.Entries.Length);
        Invariant.Holds(start <= _log.Start);
        var covered = checked((int)(_log.Start - start));
        var continues = covered == 0
            || (end >= _log.Start && entries[covered - 1].Epoch == _log.Snapshot!.LastEpoch);
        if (continues)
            foreach (var entry in entries[covered..]) _log.Append(entry);
        if (covered > 0) _effects.Enqueue(continues ? new VoterEffect.DropBefore(_log.Start) : new VoterEffect.Reset(_log.Start));
    }
}
