using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Metadata;

/// <summary>A broker's image is the controller's, whatever is lost on the way.</summary>
public class MetadataFollowingTests
{
    private const int Events = 60;

    [Fact]
    public void Lost_doubled_and_overtaken_messages_leave_a_prefix_and_asking_closes_the_gap() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var history = new MetadataHistory(20);
        var state = ClusterState.Empty;
        var images = new List<MetadataImage> { state.Image };
        var following = new MetadataFollowing();
        var underway = new List<object>();
        for (var i = 0; i < Events; i++)
        {
            var change = Change(i);
            state = state.Apply(change);
            history.Add(change);
            images.Add(state.Image);
            underway.Add(new MetadataDelta(i, [change]));
            var at = random.Next(underway.Count);
            switch (random.Next(4))
            {
                case 0: break; // Later, and out of order.
                case 1: underway.RemoveAt(at); break;
                default: Take(underway[at]); break;
            }
        }
        foreach (var message in Answer(history, state, following.Image.Version)) Take(message);
        Assert.Equal(state.Image.Version, following.Image.Version);

        void Take(object message)
        {
            var before = following.Image.Version;
            var isWhole = message is MetadataDelta delta
                ? following.TryTake(delta)
                : following.TryTake((MetadataSnapshotPart)message);
            Assert.True(following.Image.Version >= before);
            if (!isWhole) Assert.Equal(before, following.Image.Version);
            Assert.Equal(Shape.Of(images[(int)following.Image.Version].Topics.Keys.Order()),
                Shape.Of(following.Image.Topics.Keys.Order()));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_snapshot_counts_when_its_last_part_is_there_and_not_if_one_is_missing()
    {
        var state = Enumerable.Range(0, 5).Aggregate(ClusterState.Empty, (s, i) => s.Apply(Change(i)));
        var events = ClusterSnapshot.Of(state).Events;
        MetadataSnapshotPart first = new(5, 0, 3, events[..1]), second = new(5, 1, 3, events[1..3]);
        MetadataSnapshotPart third = new(5, 2, 3, events[3..]);
        var following = new MetadataFollowing();
        Assert.True(following.TryTake(first));
        Assert.False(following.TryTake(third));
        Assert.False(following.TryTake(second));
        Assert.Equal(0, following.Image.Version);
        foreach (var part in new[] { first, second, third }) Assert.True(following.TryTake(part));
        Assert.Equal((5, 5), (following.Image.Version, following.Image.Topics.Count));
    }

    [Fact]
    public void The_controller_remembers_the_last_events_only()
    {
        var history = new MetadataHistory(3);
        history.Begin(10);
        for (var i = 0; i < 5; i++) history.Add(Change(i));
        Assert.Equal((12, 15), (history.Start, history.End));
        Assert.Null(history.Since(11));
        Assert.Null(history.Since(16));
        Assert.Equal(3, history.Since(12)!.Events.Length);
        Assert.Empty(history.Since(15)!.Events);
    }

    [Fact]
    public void Long_lists_are_cut_and_nothing_gets_lost()
    {
        ImmutableArray<MetadataEvent> events = [.. Enumerable.Range(0, 12_000).Select(Change)];
        var parts = MetadataEvents.Cut(events);
        Assert.True(parts.Length > 1);
        Assert.Equal(events, parts.SelectMany(p => p));
        Assert.Empty(Assert.Single(MetadataEvents.Cut([])));
    }

    private static MetadataEvent Change(int i) => new MetadataEvent.TopicCreated(
        new TopicImage($"t{i}", new TopicId((UInt128)(i + 2)), [PartitionImage.New(0, [new BrokerId(1)])]));

    private static IEnumerable<object> Answer(MetadataHistory history, ClusterState state, long held)
    {
        if (history.Since(held) is { } delta) return [delta];
        var parts = MetadataEvents.Cut(ClusterSnapshot.Of(state).Events);
        return parts.Select((p, i) => (object)new MetadataSnapshotPart(state.Image.Version, i, parts.Length, p));
    }
}
