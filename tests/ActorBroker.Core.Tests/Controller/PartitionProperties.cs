using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Controller;

/// <summary>What holds for every partition, whatever happened to the cluster.</summary>
public class PartitionProperties
{
    private const int MinInSync = 2;

    [Fact]
    public void Leaders_are_in_sync_and_there_and_epochs_tell_terms_apart() =>
        Prop.ForAll(AnyCommands.All.ToArbitrary(), commands =>
        {
            var settings = Clusters.DefaultPolicy.Settings;
            settings = settings with { Defaults = settings.Defaults.Add("min.insync.replicas", "2") };
            var cluster = Clusters.Of(4) with { Policy = Clusters.DefaultPolicy with { Settings = settings } };
            cluster.Create("a", 3, 3);
            cluster.Create("b", 2, 2);
            foreach (var command in commands)
            {
                var before = cluster.Image;
                cluster.Do(AnyCommands.Now(command, before));
                foreach (var topic in cluster.Image.TopicsById.Values)
                    foreach (var now in topic.Partitions)
                    {
                        Holds(now, cluster.Image);
                        var old = before.TopicsById.GetValueOrDefault(topic.Id)?.Partitions.ElementAtOrDefault(now.Index);
                        if (old is not null) Follows(old, now);
                    }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    private static void Holds(PartitionImage p, MetadataImage image)
    {
        Assert.NotEmpty(p.Replicas);
        Assert.Equal(p.Replicas.Length, p.Replicas.Distinct().Count());
        Assert.Empty(p.Isr.Except(p.Replicas));
        Assert.Empty(p.Elr.Except(p.Replicas));
        Assert.Empty(p.Adding.Except(p.Replicas));
        Assert.Empty(p.Removing.Except(p.Replicas));
        Assert.Empty(p.Isr.Intersect(p.Elr));
        Assert.Empty(p.Adding.Intersect(p.Removing));
        Assert.NotEqual(p.Replicas.Length, p.Removing.Length);
        Assert.Empty(p.Offline.Except(p.Replicas));
        Assert.Empty(p.Isr.Intersect(p.Offline));
        Assert.All(p.Isr, r => Assert.False(image.Brokers[r].IsFenced));
        Assert.All(p.Replicas, r => Assert.True(image.Brokers.ContainsKey(r)));
        if (p.Isr.Length >= Math.Min(MinInSync, p.Replicas.Length)) Assert.Empty(p.Elr);
        if (p.Leader.IsNone)
        {
            Assert.Empty(p.Isr);
            Assert.DoesNotContain(p.Elr, r => image.IsActive(r) && !p.Offline.Contains(r));
        }
        else
        {
            Assert.Contains(p.Leader, p.Isr);
            Assert.True(p.LastLeader.IsNone);
        }
    }

    private static void Follows(PartitionImage old, PartitionImage now)
    {
        if (ReferenceEquals(old, now)) return;
        Assert.True(now.PartitionEpoch > old.PartitionEpoch);
        Assert.True(now.LeaderEpoch >= old.LeaderEpoch);
        if (now.Leader != old.Leader) Assert.True(now.LeaderEpoch > old.LeaderEpoch);
    }
}
