using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>
/// What a leader has been told of the partitions that a follower asks for (KIP-227), so that it is not told again.
/// </summary>
public sealed class FollowerSession
{
    private readonly record struct Told(Epoch Epoch, Offset Next, Epoch LastEpoch, Offset LogStart)
    {
        public static Told Of(FollowedPartition partition) =>
            new(partition.Epoch, partition.Next, partition.LastEpoch, partition.LogStart);
    }

    private readonly Dictionary<(TopicId Topic, int Index), Told> _told = [];

    /// <summary>0: there is none, or none yet.</summary>
    public int Id { get; private set; }

    /// <summary>Of the next request; 0 asks for a session.</summary>
    public int Epoch { get; private set; }

    /// <summary>What must be said for these partitions, and no others, to be fetched.</summary>
    /// <param name="changed">Those that are new, or go on elsewhere.</param>
    /// <param name="forgotten">Those that are not wanted now.</param>
    public void Tell(
        IReadOnlyCollection<FollowedPartition> asked, List<FollowedPartition> changed, List<(TopicId Topic, int Index)> forgotten)
    {
        var wanted = new HashSet<(TopicId, int)>(asked.Count);
        foreach (var partition in asked)
        {
            var key = (partition.Topic, partition.Index);
            wanted.Add(key);
            var told = Told.Of(partition);
            if (Id != 0 && _told.TryGetValue(key, out var before) && before == told) continue;
            _told[key] = told;
            changed.Add(partition);
        }
        if (_told.Count == wanted.Count) return;
        foreach (var key in _told.Keys) // Removing during the walk is allowed.
        {
            if (wanted.Contains(key)) continue;
            if (Id != 0) forgotten.Add(key);
            _told.Remove(key);
        }
    }

    /// <summary>The leader has answered.</summary>
    /// <param name="id">0: it wants to be told everything each time.</param>
    public void Answered(int id)
    {
        if (id == 0) Reset();
        else (Id, Epoch) = (id, Epoch == int.MaxValue ? 1 : Epoch + 1);
    }

    /// <summary>Nobody knows what the leader has heard.</summary>
    public void Reset()
    {
        (Id, Epoch) = (0, 0);
        _told.Clear();
    }
}
