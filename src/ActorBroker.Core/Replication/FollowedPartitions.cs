using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>
/// The partitions that are copied from one broker: which are asked for next, and what an answer means. One request is on its way
/// at a time. A partition with an error waits alone, twice as long with each one that follows.
/// </summary>
/// <param name="longestBackoff"><c>replica.fetch.backoff.ms</c>.</param>
public sealed class FollowedPartitions(TimeSpan longestBackoff)
{
    /// <summary>After a first failure: a leader that was elected a moment ago may not have heard of it.</summary>
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestThrottle = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<(TopicId Topic, int Index), FollowedPartition> _byId = [];

    /// <summary>In the order in which they are asked for: who got records goes to the end, so that none starves.</summary>
    private readonly LinkedList<FollowedPartition> _order = [];

    public int Count => _byId.Count;

    /// <summary>Replicas that have something to do and have not said that it is done.</summary>
    public int Copying { get; private set; }

    /// <summary>Copies a partition from here on; in place of what was known of it.</summary>
    public void Add(FollowedPartition partition)
    {
        Remove(partition.Topic, partition.Index);
        _byId.Add((partition.Topic, partition.Index), partition);
        partition.Place = _order.AddFirst(partition);
    }

    public FollowedPartition? Find(TopicId topic, int index) => _byId.GetValueOrDefault((topic, index));

    public bool Remove(TopicId topic, int index)
    {
        if (!_byId.Remove((topic, index), out var partition)) return false;
        Leave(partition);
        _order.Remove(partition.Place!);
        return true;
    }

    /// <summary>What the next request asks for.</summary>
    /// <param name="throttled">How long those that are throttled have to wait.</param>
    public void Ask(TimeSpan now, List<FollowedPartition> asked, TimeSpan throttled = default)
    {
        foreach (var partition in _order)
        {
            if (partition.Step != FollowingStep.Ready || partition.RetryAt > now) continue;
            if (partition.IsThrottled && throttled > TimeSpan.Zero)
            {
                // In steps, as rates change.
                partition.RetryAt = now + (throttled < LongestThrottle ? throttled : LongestThrottle);
                continue;
            }
            partition.Step = FollowingStep.Asked;
            asked.Add(partition);
        }
    }

    /// <summary>When one that waits may be asked for again; <see cref="TimeSpan.MaxValue"/>: none waits.</summary>
    public TimeSpan NextRetry
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var partition in _byId.Values)
                if (partition.Step == FollowingStep.Ready && partition.RetryAt < next) next = partition.RetryAt;
            return next;
        }
    }

    /// <summary>
    /// The leader's answer to what was asked for. After <see cref="FetchVerdict.Append"/>, Cut and OutOfRange the replica is at
    /// it until <see cref="Copied"/> or <see cref="Failed"/>.
    /// </summary>
    public FetchVerdict Answered(FollowedPartition asked, ErrorCode error, bool isDiverging, bool hasRecords, TimeSpan now)
    {
        if (asked.Step != FollowingStep.Asked || !IsCurrent(asked)) return FetchVerdict.Outdated;
        var step = FollowerStep.For(error).Kind;
        // A leader that has just started may not know its partitions yet; then there is no news of it to wait for.
        if (step is not (FollowerStepKind.Copy or FollowerStepKind.FindRange))
        {
            BackOff(asked, now);
            return FetchVerdict.Wait;
        }
        asked.Step = FollowingStep.Copying;
        Copying++;
        if (hasRecords)
        {
            _order.Remove(asked.Place!);
            _order.AddLast(asked.Place!);
        }
        return step == FollowerStepKind.FindRange ? FetchVerdict.OutOfRange
            : isDiverging ? FetchVerdict.Cut
            : FetchVerdict.Append;
    }

    /// <summary>The request failed as a whole, or the answer does not mention this one.</summary>
    public static void Unanswered(FollowedPartition asked)
    {
        if (asked.Step == FollowingStep.Asked) asked.Step = FollowingStep.Ready;
    }

    /// <summary>The replica has done it, and goes on from there.</summary>
    public void Copied(FollowedPartition partition, Offset next, Epoch lastEpoch)
    {
        if (!IsCurrent(partition)) return;
        Leave(partition);
        (partition.Next, partition.LastEpoch, partition.Failures) = (next, lastEpoch, 0);
    }

    /// <summary>The replica could not do it.</summary>
    public void Failed(FollowedPartition partition, Offset next, Epoch lastEpoch, TimeSpan now)
    {
        if (!IsCurrent(partition)) return;
        Leave(partition);
        (partition.Next, partition.LastEpoch) = (next, lastEpoch);
        BackOff(partition, now);
    }

    private bool IsCurrent(FollowedPartition partition) =>
        _byId.TryGetValue((partition.Topic, partition.Index), out var current) && ReferenceEquals(current, partition);

    private void Leave(FollowedPartition partition)
    {
        if (partition.Step == FollowingStep.Copying) Copying--;
        partition.Step = FollowingStep.Ready;
    }

    private void BackOff(FollowedPartition partition, TimeSpan now)
    {
        partition.Step = FollowingStep.Ready;
        partition.RetryAt = now + Backoff.After(partition.Failures++, FirstBackoff, longestBackoff);
    }
}

/// <summary>How long to wait after failures in a row.</summary>
public static class Backoff
{
    /// <summary>The first time, doubled with each failure before, up to the longest.</summary>
    public static TimeSpan After(int failuresBefore, TimeSpan first, TimeSpan longest) =>
        failuresBefore < 20 && first * (1L << failuresBefore) < longest ? first * (1L << failuresBefore) : longest;
}
