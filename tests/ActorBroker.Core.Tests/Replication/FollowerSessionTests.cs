using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Replication;

/// <summary>What is told in a session, against a leader that remembers it.</summary>
public sealed class FollowerSessionTests
{
    private static readonly TopicId Orders = new(7);

    [Fact]
    public void A_leader_that_remembers_fetches_what_is_asked_for_whatever_happens() =>
        Prop.ForAll<int[]>(steps =>
        {
            var session = new FollowerSession();
            var partitions = Enumerable.Range(0, 4).Select(i => Partition(i, 0)).ToArray();
            var remembered = new Dictionary<int, Offset>();
            foreach (var step in steps)
            {
                var (which, what) = (Math.Abs(step % 4), Math.Abs(step / 4 % 16));
                partitions[which] = Partition(which, what);
                FollowedPartition[] asked = [.. partitions.Where((_, i) => (what >> i & 1) == 0)];
                var changed = new List<FollowedPartition>();
                var forgotten = new List<(TopicId Topic, int Index)>();
                session.Tell(asked, changed, forgotten);
                if (session.Epoch == 0) remembered.Clear();
                foreach (var partition in changed) remembered[partition.Index] = partition.Next;
                foreach (var (_, index) in forgotten) Assert.True(remembered.Remove(index));
                Assert.Equal(asked.ToDictionary(p => p.Index, p => p.Next), remembered);
                if (what == 3) session.Reset(); // The answer was lost, or the leader refused.
                else session.Answered(what == 7 ? 0 : 44);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_the_leader_knows_is_not_told_again()
    {
        var session = new FollowerSession();
        FollowedPartition[] asked = [Partition(0, 5), Partition(1, 5)];
        session.Tell(asked, [], []);
        session.Answered(9);
        var changed = new List<FollowedPartition>();
        asked[1] = Partition(1, 6);
        session.Tell(asked, changed, []);
        Assert.Equal((9, 1), (session.Id, session.Epoch));
        Assert.Equal([1], changed.Select(p => p.Index));
    }

    private static FollowedPartition Partition(int index, long next) => new(Orders, index, new(1), new(next), Epoch.None);
}
