using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Regions;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Metadata;

/// <summary>In which order replicas, the published image and those who wait for it hear of a change.</summary>
public class MetadataActorTests() : TestKit(
    ConfigurationFactory.ParseString("akka.test.single-expect-default = 30s").WithFallback(ReplicaDispatchers.Config))
{
    private static readonly BrokerId Self0 = new(0);

    private readonly MetadataCache _cache = new();
    private readonly List<ReplicaPlan> _strays = [];
    private MetadataImage _image = MetadataImage.Empty;

    [Fact]
    public void An_image_is_published_when_its_replicas_are_there()
    {
        var metadata = Start();
        Begin(metadata, With(Topic("t", 1, 2)));
        var first = ExpectMsg<Replica.Assign>();
        var second = ExpectMsg<Replica.Assign>();
        Assert.Equal(["t-0", "t-1"], new[] { first, second }.Select(a => a.Partition.ToString()).Order());
        metadata.Tell(new Replica.Assigned(first.Id));
        metadata.Tell(new MetadataActor.Subscribe(TestActor));
        Assert.Equal(0, ExpectMsg<MetadataImage>().Version);
        metadata.Tell(new Replica.Assigned(second.Id));
        Assert.Equal(2, ExpectMsg<MetadataImage>().Version);
        Assert.Equal(2, _cache.Current.Version);
        Assert.Single(_strays);
    }

    [Fact]
    public void Nothing_is_led_before_the_broker_has_registered()
    {
        var metadata = Start();
        Show(metadata, With(Topic("t", 1, 1)));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, _cache.Current.Version);
    }

    [Fact]
    public void Nor_while_the_registration_is_that_of_another_process()
    {
        Show(Start(), With(Topic("t", 1, 1)).Apply(
            new MetadataEvent.BrokerRegistered(new BrokerImage(Self0, 1, [], null) { Incarnation = 6 })));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Changes_that_come_meanwhile_are_carried_out_together()
    {
        var image = With(Topic("a", 1, 1));
        var metadata = Start();
        Begin(metadata, image);
        var a = ExpectMsg<Replica.Assign>();
        Change(metadata, new MetadataEvent.TopicCreated(Topic("b", 2, 1)));
        Change(metadata, new MetadataEvent.TopicCreated(Topic("c", 3, 1)));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        metadata.Tell(new Replica.Assigned(a.Id));
        Assert.Equal(
            ["b", "c"],
            new[] { ExpectMsg<Replica.Assign>(), ExpectMsg<Replica.Assign>() }.Select(r => r.Partition.Topic).Order());
    }

    /// <summary>Who waited for what a broker did that is gone is answered as soon as the replicas know; what that client asks next
    /// must not send it to the gone one.</summary>
    [Fact]
    public void Who_leads_now_is_shown_before_the_replicas_know()
    {
        var (t, other) = (Topic("t", 1, 2), new BrokerId(1));
        var metadata = Start();
        Begin(metadata, With(t));
        foreach (var replica in Assigned(2)) metadata.Tell(new Replica.Assigned(replica.Id));
        Change(metadata, Leads(other, epoch: 1));
        var first = Assigned(1).Single();
        Assert.Equal((Self0, other), (LeaderIn(_cache.Current), LeaderIn(_cache.Shown)));
        // That is as true when more follows, and when the first is done.
        Change(metadata, new MetadataEvent.TopicCreated(Topic("new", 2, 1)), Leads(Self0, epoch: 2));
        AwaitAssert(() => Assert.Equal((Self0, Self0), (LeaderIn(_cache.Current), LeaderIn(_cache.Shown))));
        metadata.Tell(new Replica.Assigned(first.Id));
        var last = Assigned(2);
        Assert.Equal((other, Self0), (LeaderIn(_cache.Current), LeaderIn(_cache.Shown)));
        Assert.Null(_cache.Shown.Topic("new"));
        foreach (var replica in last) metadata.Tell(new Replica.Assigned(replica.Id));
        AwaitAssert(() => Assert.NotNull(_cache.Shown.Topic("new")));
        Assert.Same(_cache.Current, _cache.Shown);

        Replica.Assign[] Assigned(int count) => [.. Enumerable.Range(0, count).Select(_ => ExpectMsg<Replica.Assign>())];
        static BrokerId LeaderIn(MetadataImage image) => image.Topic("t")!.Partitions[0].Leader;
        MetadataEvent.PartitionsChanged Leads(BrokerId leader, int epoch) => new(t.Id,
            [t.Partitions[0] with { Leader = leader, LeaderEpoch = new(epoch), PartitionEpoch = epoch }]);
    }

    [Fact]
    public void A_topic_made_again_waits_until_the_old_one_s_folders_are_free()
    {
        var metadata = Start();
        Begin(metadata, With(Topic("t", 1, 1)));
        metadata.Tell(new Replica.Assigned(ExpectMsg<Replica.Assign>().Id));
        Change(metadata, new MetadataEvent.TopicDeleted(new TopicId(1)), new MetadataEvent.TopicCreated(Topic("t", 2, 1)));
        Assert.True(ExpectMsg<Replica.Stop>().Delete);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        metadata.Tell(new Replica.Stopped(new ReplicaId(new TopicId(1), 0)));
        Assert.Equal(new TopicId(2), ExpectMsg<Replica.Assign>().Topic);
    }

    [Fact]
    public void Configs_reach_the_replicas_of_their_topic_only()
    {
        var metadata = Start();
        Begin(metadata, With(Topic("a", 1, 1), Topic("b", 2, 1)));
        metadata.Tell(new Replica.Assigned(ExpectMsg<Replica.Assign>().Id));
        metadata.Tell(new Replica.Assigned(ExpectMsg<Replica.Assign>().Id));
        Change(metadata, Configured(ConfigResource.Topic("a"), "retention.ms", "77"));
        var changed = ExpectMsg<Replica.Assign>();
        Assert.Equal(("a", 77), (changed.Partition.Topic, changed.Log.RetentionMs));
        metadata.Tell(new Replica.Assigned(changed.Id));

        Change(metadata, Configured(ConfigResource.AllBrokers, "log.retention.ms", "88"));
        changed = ExpectMsg<Replica.Assign>();
        Assert.Equal(("b", 88), (changed.Partition.Topic, changed.Log.RetentionMs));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Who_waits_for_a_version_hears_when_it_is_published()
    {
        Assert.True(_cache.WhenAtLeastAsync(0).IsCompleted);
        var waiting = _cache.WhenAtLeastAsync(1);
        Assert.False(waiting.IsCompleted);
        Begin(Start(), With(Topic("t", 1, 0)));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void At_the_end_all_replicas_close_and_nothing_is_started_any_more()
    {
        var metadata = Start();
        Begin(metadata, With(Topic("t", 1, 1)));
        metadata.Tell(new Replica.Assigned(ExpectMsg<Replica.Assign>().Id));
        metadata.Tell(MetadataActor.StopReplicas.Instance, TestActor);
        Assert.False(ExpectMsg<Replica.Stop>().Delete);
        Change(metadata, new MetadataEvent.TopicCreated(Topic("b", 2, 1)));
        metadata.Tell(new Replica.Stopped(new ReplicaId(new TopicId(1), 0)));
        ExpectMsg<MetadataActor.ReplicasStopped>();
        ExpectMsg("closed");
    }

    /// <summary>A broker that is stopped while it waits for sharding's coordinator does not wait for replicas that never
    /// were.</summary>
    [Fact]
    public void At_the_end_replicas_that_have_not_been_started_are_not_waited_for()
    {
        var region = new ToTest(TestActor) { IsDeaf = true };
        var metadata = Start(region);
        Begin(metadata, With(Topic("t", 1, 1)));
        ExpectMsg<Replica.Assign>();
        metadata.Tell(MetadataActor.StopReplicas.Instance, TestActor);
        ExpectMsg<MetadataActor.ReplicasStopped>();
    }

    /// <summary>A node that the cluster gives up loses its region at once.</summary>
    [Fact]
    public void At_the_end_nobody_waits_for_a_region_that_has_ended()
    {
        var told = CreateTestProbe();
        var metadata = Start(new ToTest(told));
        Begin(metadata, With(Topic("t", 1, 1)));
        metadata.Tell(new Replica.Assigned(told.ExpectMsg<Replica.Assign>().Id));
        metadata.Tell(MetadataActor.StopReplicas.Instance, TestActor);
        told.ExpectMsg<Replica.Stop>();
        Sys.Stop(told);
        ExpectMsg<MetadataActor.ReplicasStopped>();
    }

    private IActorRef Start(ToTest? region = null) => Sys.ActorOf(MetadataActor.Props(new MetadataParts(
        Self0, 7, Reference.Settings, _cache, region ?? new ToTest(TestActor), _strays.Add, NullLogger.Instance)));

    /// <summary>The controller was recovered, and the broker has registered: one version more than the image's.</summary>
    private void Begin(IActorRef metadata, MetadataImage image)
    {
        Show(metadata, image);
        Change(metadata, new MetadataEvent.BrokerRegistered(new BrokerImage(Self0, 1, [], null) { Incarnation = 7 }));
    }

    private void Show(IActorRef metadata, MetadataImage image) => metadata.Tell(new MetadataActor.Newest(_image = image));

    private void Change(IActorRef metadata, params MetadataEvent[] events) =>
        Show(metadata, events.Aggregate(_image, (image, change) => image.Apply(change)));

    private static MetadataImage With(params TopicImage[] topics) =>
        topics.Aggregate(MetadataImage.Empty, (image, topic) => image.Apply(new MetadataEvent.TopicCreated(topic)));

    private static TopicImage Topic(string name, UInt128 id, int partitions) =>
        new(name, new TopicId(id), [.. Enumerable.Range(0, partitions).Select(i => PartitionImage.New(i, [Self0]))]);

    private static MetadataEvent Configured(ConfigResource resource, string key, string value) =>
        new MetadataEvent.ConfigChanged(resource, ImmutableSortedDictionary<string, string?>.Empty.Add(key, value));

    /// <summary>Tells the test what replicas are told; all that were assigned run.</summary>
    private sealed class ToTest(IActorRef test) : IReplicaRegion
    {
        private ImmutableHashSet<string> _running = [];

        /// <summary>What is told is not heard: nobody knows yet where the shard lives.</summary>
        public bool IsDeaf { get; set; }

        public void Tell(ReplicaId replica, object message, IActorRef sender)
        {
            if (!IsDeaf) _running = _running.Add(replica.ToString());
            test.Tell(message, sender);
        }

        public void AskRunning(IActorRef asker) =>
            asker.Tell(new CurrentShardRegionState([new ShardState("1", _running)]), ActorRefs.NoSender);

        public void Watch(IActorContext asker) => asker.Watch(test);

        public void Close() => test.Tell("closed");
    }
}
