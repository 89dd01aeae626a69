using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>How far one follower has copied, as its fetches told the leader.</summary>
internal sealed class FollowerProgress(BrokerId id)
{
    public BrokerId Id { get; } = id;

    /// <summary>In the set that the controller has persisted.</summary>
    public bool InSync { get; set; }

    /// <summary>Proposed into that set, and the controller's answer is not known.</summary>
    public bool IsJoining { get; set; }

    /// <summary>Registration of the broker that fetches; -1: not known. An earlier life of it may have had more.</summary>
    public long BrokerEpoch { get; set; } = -1;

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
        LogEnd = LogStart = _leaderEndAtLastFetch = Offset.None;
        CaughtUpAt = _lastFetchAt = now;
    }

    public void Fetched(Offset end, Offset start, Offset leaderEnd, TimeSpan now)
    {
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
