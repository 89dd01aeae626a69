using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>How far one follower has copied, as its fetches told the leader.</summary>
internal sealed class FollowerProgress(BrokerId id)
{
    public BrokerId Id { get; } = id;

    public bool InSync { get; set; }

    /// <summary>The controller may have taken it into the ISR already, or will.</summary>
    public bool IsProposed { get; set; }

    /// <summary>The newest registration of the broker that has fetched; -1: not known.</summary>
    public long BrokerEpoch { get; private set; } = -1;

    /// <summary>The follower holds all before this; <see cref="Offset.None"/> until its first fetch in this term.</summary>
    public Offset LogEnd { get; private set; } = Offset.None;

    public Offset LogStart { get; private set; } = Offset.None;

    /// <summary>When it last had all that the leader had at that time.</summary>
    public TimeSpan CaughtUpAt { get; private set; }

    private Offset _leaderEndAtLastFetch = Offset.None;
    private TimeSpan _lastFetchAt;

    /// <summary>A new term: its position is unknown again, and it gets the full lag time to show itself.</summary>
    public void StartTerm(TimeSpan now)
    {
        Forget();
        CaughtUpAt = _lastFetchAt = now;
    }

    /// <summary>Its position is unknown until it fetches again: it may have lost records, and was taken out of the ISR for
    /// that.</summary>
    public void Forget() => LogEnd = LogStart = _leaderEndAtLastFetch = Offset.None;

    public void Fetched(Offset end, Offset start, Offset leaderEnd, long brokerEpoch, TimeSpan now)
    {
        BrokerEpoch = brokerEpoch;
        // A follower that reads what was the end at its previous fetch is in step with a leader that never rests.
        if (end >= leaderEnd) CaughtUpAt = now;
        else if (!_leaderEndAtLastFetch.IsNone && end >= _leaderEndAtLastFetch && _lastFetchAt > CaughtUpAt)
            CaughtUpAt = _lastFetchAt;
        LogEnd = end;
        LogStart = start;
        _leaderEndAtLastFetch = leaderEnd;
        _lastFetchAt = now;
    }
}
