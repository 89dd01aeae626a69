using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>
/// The rules of one replica of one partition: who may append and read, what is committed, who is answered when. No clock, disk or
/// sending here; time is passed in as time since some start. Changed in place because it is on the path of every record batch;
/// what a step asks for is queued and taken with <see cref="TryTakeEffect"/>.
/// </summary>
/// <remarks>
/// Invariants: LogStart &lt;= HighWatermark &lt;= LogEnd. The high watermark moves back only when the log itself is cut below it,
/// and never moves forward while fewer than <c>min.insync.replicas</c> are in sync. A parked produce is answered exactly once.
/// </remarks>
public sealed partial class ReplicaState
{
    private readonly BrokerId _self;
    private readonly ParkedProduces _produces = new();
    private readonly FetchWaiters _fetches = new();
    private readonly Queue<ReplicaEffect> _effects = new();
    private readonly List<Ticket> _expired = [];

    /// <summary>Appends above the high watermark, oldest first: where each ends and its size.</summary>
    private readonly Queue<(Offset End, int Bytes)> _uncommitted = new();

    /// <param name="highWatermark">From the checkpoint; brought into the log's bounds.</param>
    public ReplicaState(BrokerId self, Offset logStart, Offset logEnd, Offset highWatermark)
    {
        Invariant.Holds(logStart <= logEnd);
        _self = self;
        LogStart = logStart;
        LogEnd = logEnd;
        HighWatermark = Offset.Min(Offset.Max(highWatermark, logStart), logEnd);
    }

    public ReplicaRole Role { get; private set; }

    /// <summary>The term that this replica knows of.</summary>
    public Epoch LeaderEpoch { get; private set; } = Epoch.None;

    public BrokerId Leader { get; private set; } = BrokerId.None;

    /// <summary>First offset that may be read.</summary>
    public Offset LogStart { get; private set; }

    /// <summary>LEO: the offset that the next record gets.</summary>
    public Offset LogEnd { get; private set; }

    /// <summary>HW: everything before it is on all replicas in sync.</summary>
    public Offset HighWatermark { get; private set; }

    /// <summary>LSO: where a read_committed consumer stops. The high watermark, until transactions exist.</summary>
    public Offset LastStable => HighWatermark;

    /// <summary>When <see cref="Expire"/> has work; <see cref="TimeSpan.MaxValue"/>: never.</summary>
    public TimeSpan NextDeadline => _produces.NextDeadline;

    public int ParkedProduces => _produces.Count;

    public int WaitingFetches => _fetches.Count;

    /// <summary>This replica leads from <paramref name="epoch"/> on.</summary>
    /// <param name="replicas">All assigned replicas, this one among them.</param>
    /// <param name="inSync">Those of them that are in sync, this one among them.</param>
    /// <returns><c>false</c>: the epoch is older than what is known; nothing changed.</returns>
    /// <param name="partitionEpoch">Of these sets; older ones of the same term are refused. -1: not known.</param>
    public bool Lead(
        Epoch epoch, ReadOnlySpan<BrokerId> replicas, ReadOnlySpan<BrokerId> inSync, int minInSync, TimeSpan now,
        int partitionEpoch = -1)
    {
        if (epoch < LeaderEpoch) return false;
        var newTerm = epoch > LeaderEpoch || Role != ReplicaRole.Leader;
        if (!newTerm && partitionEpoch != -1 && partitionEpoch < PartitionEpoch) return false;
        if (newTerm)
        {
            Resign(ErrorCode.NotLeaderOrFollower);
            TermStart = LogEnd;
        }
        (Role, LeaderEpoch, Leader) = (ReplicaRole.Leader, epoch, _self);
        // The same sets again, with other configs: what was proposed meanwhile is still under way.
        if (newTerm || partitionEpoch == -1 || partitionEpoch > PartitionEpoch) SetFollowers(replicas, inSync, newTerm, now);
        PartitionEpoch = partitionEpoch;
        MinInSync = minInSync;
        AdvanceHighWatermark();
        return true;
    }

    /// <summary>
    /// This replica follows <paramref name="leader"/> from <paramref name="epoch"/> on; parked requests are sent away.
    /// </summary>
    /// <returns><c>false</c>: the epoch is older than what is known; nothing changed.</returns>
    public bool Follow(Epoch epoch, BrokerId leader)
    {
        if (epoch < LeaderEpoch) return false;
        Resign(ErrorCode.NotLeaderOrFollower);
        (Role, LeaderEpoch, Leader) = (ReplicaRole.Follower, epoch, leader);
        return true;
    }

    /// <summary>This broker may have been replaced as leader, and does not know: who waits had better look for another one. What
    /// they have written stays, and is committed should this one still lead.</summary>
    public void SendAway()
    {
        while (_produces.TryTakeCommitted(LogEnd, out var ticket)) Answer(ticket, ErrorCode.NotLeaderOrFollower);
        _fetches.WakeAll(_effects);
    }

    /// <summary>The storage failed: nobody is served any more, parked produces are told so.</summary>
    public void GoOffline()
    {
        Resign(ErrorCode.KafkaStorageError);
        Role = ReplicaRole.Offline;
    }

    /// <summary>
    /// Compares the epoch that a client or follower knows with ours (KIP-320); <see cref="Epoch.None"/> skips the check.
    /// </summary>
    public ErrorCode CheckEpoch(Epoch known) =>
        known.IsNone || known == LeaderEpoch ? ErrorCode.None
        : known < LeaderEpoch ? ErrorCode.FencedLeaderEpoch
        : ErrorCode.UnknownLeaderEpoch;

    /// <summary>May a produce with these acks be appended now?</summary>
    public ErrorCode CheckAppend(short acks) =>
        acks is < -1 or > 1 ? ErrorCode.InvalidRequiredAcks
        : Role == ReplicaRole.Offline ? ErrorCode.KafkaStorageError
        : Role != ReplicaRole.Leader ? ErrorCode.NotLeaderOrFollower
        : acks == -1 && !EnoughInSync ? ErrorCode.NotEnoughReplicas
        : ErrorCode.None;

    /// <summary>May this offset be read, and up to where?</summary>
    /// <param name="follower">A replica reads to the log's end, a consumer to the high watermark.</param>
    /// <param name="upTo">
    /// The offset before which reading stops; at or below <paramref name="from"/> there is nothing (yet).
    /// </param>
    /// <param name="fromFollower">A consumer may read from a replica that follows, too (KIP-392).</param>
    public ErrorCode CheckFetch(Offset from, Epoch known, bool follower, out Offset upTo, bool fromFollower = false)
    {
        upTo = follower ? LogEnd : HighWatermark;
        var error = CheckRead(known, fromFollower);
        if (error != ErrorCode.None) return error;
        return from < LogStart || from > LogEnd ? ErrorCode.OffsetOutOfRange : ErrorCode.None;
    }

    /// <summary>May anything be asked of this replica as the leader that the caller takes it for?</summary>
    /// <param name="fromFollower">It need not lead.</param>
    public ErrorCode CheckRead(Epoch known, bool fromFollower = false) =>
        Role == ReplicaRole.Offline ? ErrorCode.KafkaStorageError
        : CheckEpoch(known) is var epoch && epoch != ErrorCode.None ? epoch
        : Role == ReplicaRole.Leader || fromFollower ? ErrorCode.None
        : ErrorCode.NotLeaderOrFollower;

    /// <summary>The leader's log grew by one batch, or by several written together.</summary>
    public void Appended(Offset end, int bytes)
    {
        Invariant.Holds(Role == ReplicaRole.Leader && end >= LogEnd && bytes >= 0);
        LogEnd = end;
        _fetches.Progress(followers: true, bytes, _effects);
        _uncommitted.Enqueue((end, bytes));
        AdvanceHighWatermark();
    }

    /// <summary>Are all records before <paramref name="end"/> on all replicas in sync?</summary>
    public bool IsCommitted(Offset end) => end <= HighWatermark;

    /// <summary>The answer for an acks=all produce that is committed: enough replicas must still be in sync.</summary>
    public ErrorCode CommittedAnswer => EnoughInSync ? ErrorCode.None : ErrorCode.NotEnoughReplicasAfterAppend;

    /// <summary>
    /// Answers <paramref name="ticket"/> when all before <paramref name="end"/> is committed, or with a timeout.
    /// </summary>
    public void ParkProduce(Ticket ticket, Offset end, TimeSpan deadline)
    {
        Invariant.Holds(Role == ReplicaRole.Leader && !IsCommitted(end) && end <= LogEnd);
        _produces.Add(ticket, end, deadline);
    }

    /// <summary>Reports progress to <paramref name="ticket"/> until it is taken back.</summary>
    /// <param name="seen">
    /// Up to where the reader could read when it decided to wait: if that changed meanwhile, it is told to read again.
    /// </param>
    /// <param name="fromFollower">As in <see cref="CheckFetch"/>.</param>
    public void ParkFetch(Ticket ticket, Offset seen, Epoch known, bool follower, bool fromFollower = false)
    {
        var upTo = follower ? LogEnd : HighWatermark;
        if (CheckRead(known, fromFollower) != ErrorCode.None || seen != upTo)
            _effects.Enqueue(new(ReplicaEffectKind.FetchAgain, ticket, ErrorCode.None, 0));
        else _fetches.Add(ticket, follower);
    }

    /// <summary>The reader no longer waits; harmless when it does not.</summary>
    public void UnparkFetch(Ticket ticket) => _fetches.Remove(ticket);

    /// <summary>Answers the produces that waited too long.</summary>
    /// <remarks>While fewer replicas are in sync than must be, those that were appended before go on waiting: when enough are back
    /// in time, nobody has to send them again. Who has waited in vain is told why.</remarks>
    public void Expire(TimeSpan now)
    {
        _produces.TakeExpired(now, _expired);
        var why = EnoughInSync ? ErrorCode.RequestTimedOut : ErrorCode.NotEnoughReplicasAfterAppend;
        foreach (var ticket in _expired) Answer(ticket, why);
        _expired.Clear();
    }

    /// <summary>Records before <paramref name="offset"/> may go (delete-records).</summary>
    /// <param name="offset"><see cref="Offset.None"/>: all that is committed.</param>
    public ErrorCode CheckDeleteRecords(Offset offset, out Offset start)
    {
        start = offset.IsNone ? HighWatermark : offset;
        var error = CheckRead(Epoch.None);
        if (error != ErrorCode.None) return error;
        return offset.Value < -1 || start > HighWatermark ? ErrorCode.OffsetOutOfRange : ErrorCode.None;
    }

    /// <summary>Records before <paramref name="start"/> are gone, by retention or on request. It never goes back.</summary>
    public void LogStartsAt(Offset start)
    {
        Invariant.Holds(start <= LogEnd);
        if (start <= LogStart) return;
        LogStart = start;
        HighWatermark = Offset.Max(HighWatermark, start);
        _fetches.WakeAll(_effects);
    }

    /// <summary>What the shell must do, oldest first.</summary>
    public bool TryTakeEffect(out ReplicaEffect effect) => _effects.TryDequeue(out effect);

    private void Answer(Ticket ticket, ErrorCode error) =>
        _effects.Enqueue(new(ReplicaEffectKind.AnswerProduce, ticket, error, 0));

    /// <summary>Sends away everybody who waits for this term.</summary>
    private void Resign(ErrorCode why)
    {
        while (_produces.TryTakeCommitted(LogEnd, out var ticket)) Answer(ticket, why);
        _uncommitted.Clear();
        _fetches.WakeAll(_effects);
    }

    private void AdvanceHighWatermark()
    {
        if (EnoughInSync) MoveHighWatermark(Offset.Max(HighWatermark, MinLogEndInSync()));
    }

    private void MoveHighWatermark(Offset committed)
    {
        Invariant.Holds(committed >= HighWatermark && committed <= LogEnd);
        HighWatermark = committed;
        long bytes = 0;
        while (_uncommitted.TryPeek(out var append) && append.End <= committed) bytes += _uncommitted.Dequeue().Bytes;
        if (bytes > 0) _fetches.Progress(followers: false, bytes, _effects);
        while (_produces.TryTakeCommitted(committed, out var ticket)) Answer(ticket, CommittedAnswer);
    }
}
