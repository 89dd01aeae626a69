using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Metadata;

public sealed class MetadataImageTests
{
    private static readonly BrokerId One = new(1), Two = new(2);

    [Fact]
    public void An_image_can_have_the_leaders_of_a_newer_one_and_only_its_own_topics_and_partitions()
    {
        var (moved, gone) = (Topic("moved", 1, partitions: 2), Topic("gone", 2, partitions: 1));
        var image = With(MetadataImage.Empty, new MetadataEvent.BrokerRegistered(new BrokerImage(One, 1, [], null)),
            new MetadataEvent.TopicCreated(moved), new MetadataEvent.TopicCreated(gone));
        var newer = With(image, new MetadataEvent.BrokerChanged(One, 1, IsFenced: true, IsStopping: false, IsDraining: false),
            new MetadataEvent.PartitionsChanged(moved.Id, [moved.Partitions[1] with { Leader = Two, LeaderEpoch = new(1) }]),
            new MetadataEvent.PartitionsAdded(moved.Id, [PartitionImage.New(2, [Two])]),
            new MetadataEvent.TopicDeleted(gone.Id), new MetadataEvent.TopicCreated(Topic("gone", 3, partitions: 1)),
            new MetadataEvent.TopicCreated(Topic("new", 4, partitions: 1)));

        var shown = image.WithLeadersOf(newer);
        Assert.Equal(image.Version, shown.Version);
        Assert.True(shown.Brokers[One].IsFenced);
        Assert.Equal([One, Two], shown.Topic("moved")!.Partitions.Select(p => p.Leader));
        Assert.Equal(new TopicId(2), shown.Topic("gone")!.Id);
        Assert.Null(shown.Topic("new"));
        Assert.Same(shown.Topic("moved"), shown.Topic(moved.Id));
        Assert.Same(newer, newer.WithLeadersOf(newer));
    }

    private static MetadataImage With(MetadataImage image, params MetadataEvent[] events) =>
        events.Aggregate(image, (before, change) => before.Apply(change));

    private static TopicImage Topic(string name, UInt128 id, int partitions) =>
        new(name, new TopicId(id), [.. Enumerable.Range(0, partitions).Select(i => PartitionImage.New(i, [One, Two]))]);
}
