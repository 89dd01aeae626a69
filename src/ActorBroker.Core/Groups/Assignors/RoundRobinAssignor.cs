using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups.Assignors;

/// <summary>Deals all partitions of all topics out in turn, and skips members that do not subscribe to the topic.</summary>
public sealed class RoundRobinAssignor : IAssignor
{
    public string Name => "roundrobin";

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyDictionary<string, int> partitions, IReadOnlyCollection<MemberSubscription> members)
    {
        var assignment = members.ToDictionary(m => m.MemberId, _ => new List<TopicPartition>());
        var ordered = MemberSubscription.InOrder(members);
        var turn = 0;
        foreach (var (topic, count) in partitions.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (!ordered.Exists(m => m.Topics.Contains(topic))) continue;
            for (var partition = 0; partition < count; partition++)
            {
                while (!ordered[turn].Topics.Contains(topic)) turn = (turn + 1) % ordered.Count;
                assignment[ordered[turn].MemberId].Add(new(topic, partition));
                turn = (turn + 1) % ordered.Count;
            }
        }
        return assignment;
    }
}
