using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>
/// What the members of a generation read is what one leader has planned for it: no partition is read by two, and none by nobody, if
/// the plan covers all. A number of which nobody has heard may be given twice, to generations with other plans.
/// </summary>
internal static class AssignmentChecker
{
    public static IEnumerable<Anomaly> Check(ImmutableArray<PlannedAssignment> planned, ImmutableArray<ToldAssignment> told)
    {
        var plans = planned.ToLookup(plan => (plan.Group, plan.Generation));
        return told.GroupBy(t => (t.Group, t.Generation)).SelectMany(generation =>
            Twice([.. generation]).Concat(Otherwise([.. generation], [.. plans[generation.Key]])));
    }

    private static IEnumerable<Anomaly> Twice(ImmutableArray<ToldAssignment> told)
    {
        var readers = new Dictionary<TopicPartition, string>();
        foreach (var (group, generation, member, partitions) in told)
            foreach (var partition in partitions)
                if (!readers.TryAdd(partition, member) && readers[partition] != member)
                    yield return new AssignedTwice(group, generation, partition, readers[partition], member);
    }

    private static IEnumerable<Anomaly> Otherwise(ImmutableArray<ToldAssignment> told, ImmutableArray<PlannedAssignment> plans)
    {
        var plan = plans.MaxBy(p => told.Count(t => IsAsPlanned(t, p)));
        return told.Where(t => !IsAsPlanned(t, plan)).Select(t => new AssignedOtherwise(t.Group, t.Generation, t.Member));
    }

    private static bool IsAsPlanned(ToldAssignment told, PlannedAssignment? plan) =>
        plan is not null && plan.Members.TryGetValue(told.Member, out var partitions) && partitions.SequenceEqual(told.Partitions);
}
