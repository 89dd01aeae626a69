using System.Collections.Immutable;
using ActorBroker.Core.Metadata;

namespace ActorBroker.Core.Controller;

/// <summary>Changes of partitions, collected as events; one event for each topic.</summary>
internal sealed class PartitionSweep(MetadataImage image, ControllerPolicy policy)
{
    private readonly ImmutableArray<MetadataEvent>.Builder _events = ImmutableArray.CreateBuilder<MetadataEvent>();

    /// <summary>The image with all that was collected.</summary>
    public MetadataImage Image { get; private set; } = image;

    public ImmutableArray<MetadataEvent> Events => _events.ToImmutable();

    /// <summary>Takes an event that changes no partition, before those of partitions that follow from it.</summary>
    public void Add(MetadataEvent change)
    {
        _events.Add(change);
        Image = Image.Apply(change);
    }

    /// <summary>Every partition of every topic.</summary>
    /// <param name="edit">Null: the partition stays as it is.</param>
    public void All(Func<PartitionImage, PartitionEdit?> edit)
    {
        foreach (var topic in Image.TopicsById.Values.OrderBy(t => t.Name, StringComparer.Ordinal)) Topic(topic, edit);
    }

    public void Topic(TopicImage topic, Func<PartitionImage, PartitionEdit?> edit)
    {
        TopicPolicy? topicPolicy = null;
        var changed = ImmutableArray.CreateBuilder<PartitionImage>();
        List<MetadataEvent> unclean = [];
        foreach (var partition in topic.Partitions)
        {
            if (edit(partition) is not { } wanted) continue;
            topicPolicy ??= TopicPolicy.Of(topic.Name, Image, policy);
            var next = new PartitionTransition(Image, topic, topicPolicy.Value).Next(partition, wanted, out var election);
            if (ReferenceEquals(next, partition)) continue;
            changed.Add(next);
            if (election is not null) unclean.Add(election);
        }
        foreach (var election in unclean) Add(election);
        if (changed.Count > 0) Add(new MetadataEvent.PartitionsChanged(topic.Id, changed.DrainToImmutable()));
    }

    /// <summary>One partition.</summary>
    /// <returns>As it is afterwards.</returns>
    public PartitionImage One(TopicImage topic, int partition, PartitionEdit edit)
    {
        Topic(Image.TopicsById[topic.Id], p => p.Index == partition ? edit : null);
        return Image.TopicsById[topic.Id].Partitions[partition];
    }
}
