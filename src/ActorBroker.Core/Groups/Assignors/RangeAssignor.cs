using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups.Assignors;

/// <summary>
/// Topic by topic: with n partitions and m subscribed members each gets a run of n / m, and the first n % m members one
/// more. Partitions with the same number of several topics so meet at the same member.
/// </summary>
public sealed class RangeAssignor : IAssignor
{
    public string Name => "range";

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyDictionary<string, int> partitions, IReadOnlyCollection<MemberSubscription> members)
    {
        var assignment = members.ToDictionary(m => m.MemberId, _ => new List<TopicPartition>());
        var ordered = MemberSubscription.InOrder(members);
        foreach (var (topic, count) in partitions.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var subscribed = ordered.Where(m => m.Topics.Contains(topic)).ToList();
            var next = 0;
            for (var i = 0; i < subscribed.Count; i++)
            {
                var share = (count / subscribed.Count) + (i < count % subscribed.Count ? 1 : 0);
                for (var end = next + share; next < end; next++) assignment[subscribed[i].MemberId].Add(new(topic, next));
            }
        }
        return assignment;
    }
}
