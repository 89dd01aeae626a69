using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups.Assignors;

/// <summary>
/// As even as subscriptions allow, and within that each member keeps what it had: a partition moves only where its
/// owner has at least two more than a member that could take it (KIP-54).
/// </summary>
/// <remarks>
/// First everybody keeps valid claims, then what is free goes to the member with the least, then partitions move one by
/// one. Each move brings two members' counts closer, so it ends; and a member that loses one still has as many as the
/// receiver, so nobody falls below its even share.
/// </remarks>
public sealed class StickyAssignor : IAssignor
{
    public string Name => "sticky";

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyDictionary<string, int> partitions, IReadOnlyCollection<MemberSubscription> members)
    {
        var shares = MemberSubscription.InOrder(members).ConvertAll(m => new Share(m));
        var free = KeepClaims(partitions, shares);
        foreach (var partition in free) LeastLoaded(shares, partition.Topic)?.Owned.Add(partition);
        while (Move(shares))
        {
        }
        return shares.ToDictionary(s => s.Member.MemberId, s => s.Owned.ToList());
    }

    /// <summary>
    /// Gives each partition to who claims it with the latest generation. Returns those without a claim, in order.
    /// </summary>
    private static List<TopicPartition> KeepClaims(IReadOnlyDictionary<string, int> partitions, List<Share> shares)
    {
        var claims = new Dictionary<TopicPartition, Share>();
        foreach (var share in shares)
            foreach (var partition in share.Member.Owned)
            {
                if (!share.Topics.Contains(partition.Topic)) continue;
                if (!claims.TryGetValue(partition, out var other) || other.Member.OwnedGeneration < share.Member.OwnedGeneration)
                    claims[partition] = share;
            }

        var free = new List<TopicPartition>();
        foreach (var (topic, count) in partitions.OrderBy(p => p.Key, StringComparer.Ordinal))
            for (var i = 0; i < count; i++)
            {
                var partition = new TopicPartition(topic, i);
                if (claims.TryGetValue(partition, out var owner)) owner.Owned.Add(partition);
                else free.Add(partition);
            }
        return free;
    }

    private static Share? LeastLoaded(List<Share> shares, string topic) =>
        shares.Where(s => s.Topics.Contains(topic)).MinBy(s => s.Owned.Count);

    /// <summary>
    /// Moves one partition from the fullest member to one with at least two fewer. <c>false</c>: all is balanced.
    /// </summary>
    private static bool Move(List<Share> shares)
    {
        foreach (var full in shares.OrderByDescending(s => s.Owned.Count))
        {
            // From the end: the first partitions stay longest.
            foreach (var partition in full.Owned.Reverse())
            {
                if (LeastLoaded(shares, partition.Topic) is not { } least || least.Owned.Count + 1 >= full.Owned.Count) continue;
                full.Owned.Remove(partition);
                least.Owned.Add(partition);
                return true;
            }
        }
        return false;
    }

    private sealed class Share(MemberSubscription member)
    {
        private static readonly Comparer<TopicPartition> ByTopicAndNumber = Comparer<TopicPartition>.Create((a, b) =>
            string.CompareOrdinal(a.Topic, b.Topic) is var byTopic and not 0 ? byTopic : a.Partition.CompareTo(b.Partition));

        public MemberSubscription Member { get; } = member;
        public HashSet<string> Topics { get; } = [.. member.Topics];
        public SortedSet<TopicPartition> Owned { get; } = new(ByTopicAndNumber);
    }
}
