using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Tests.Acceptance;

namespace ActorBroker.Tests.Replication;

/// <summary>Brokers that copy from each other over their sockets.</summary>
public sealed class ReplicationTests
{
    private const string Topic = "orders";

    /// <summary>So soon a follower that is silent leaves: a test waits for it, and a machine that stands still for a moment must
    /// not do so for that long.</summary>
    private static readonly (string Key, string Value) ShortLag = ("replica.lag.time.max.ms", "2000");

    /// <summary>E01, E03, E09</summary>
    [Fact]
    public async Task Followers_have_the_leaders_log_byte_for_byte()
    {
        await using var cluster = await ReplicationCluster.StartAsync(3);
        await cluster.CreateAsync(Topic, [1, 2, 3], ("segment.bytes", "4096"));
        using var client = await cluster.LeaderOfAsync(Topic);
        for (var i = 0; i < 100; i++) Assert.Equal(i * 2, await client.ProduceAsync(Topic, 0, $"a{i}", new string('b', i * 10)));
        await cluster.SameAsync(Topic);
        Assert.Equal("1,2,3", cluster.InSync(Topic));
        Assert.True(cluster[2].LogOf(Topic).SegmentCount > 5);
        Assert.Equal(new Epoch(0), cluster[2].LogOf(Topic).Epochs.Latest);
        await ReplicationCluster.UntilAsync(() => cluster[3].LogOf(Topic).HighWatermark == new Offset(200));
    }

    /// <summary>E06, E07, E08, E12, E13, G21: a follower that is silent leaves the ISR, and is back in it when it has caught
    /// up.</summary>
    [Fact]
    public async Task With_acks_all_a_write_waits_for_all_in_sync_and_no_longer_when_one_has_left()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2, ShortLag);
        await cluster.CreateAsync(Topic, [1, 2]);
        using var client = await cluster.LeaderOfAsync(Topic);
        await client.ProduceAsync(Topic, 0, "first");
        await cluster.KillAsync(2);
        Assert.Equal(1, await client.ProduceAsync(Topic, 0, "second")); // Answered when the follower has left the ISR.
        Assert.Equal("1", cluster.InSync(Topic));

        await cluster.StartAsync(2);
        await client.ProduceAsync(Topic, 0, "third");
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1,2");
        await cluster.SameAsync(Topic);
    }

    /// <summary>E10, G20, G22: what only the leader has is seen by nobody.</summary>
    [Fact]
    public async Task Below_min_insync_replicas_writes_are_refused_and_the_watermark_stays()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2, ShortLag);
        await cluster.CreateAsync(Topic, [1, 2], ("min.insync.replicas", "2"));
        using var client = await cluster.LeaderOfAsync(Topic);
        await WriteAsync(client, "first");
        await cluster.KillAsync(2);
        await client.ProduceAsync(Topic, 0, TestBatch.Of("only here"), acks: 1);
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1");
        await cluster.HeardAsync();
        Assert.Equal(ErrorCode.NotEnoughReplicas, await client.ErrorOfProduceAsync(Topic, 0, TestBatch.Of("refused")));
        Assert.Equal(["first"], await client.ReadValuesAsync(Topic, 0));

        await cluster.StartAsync(2);
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1,2");
        await cluster.HeardAsync();
        await WriteAsync(client, "last");
        Assert.Equal(["first", "only here", "last"], await client.ReadValuesAsync(Topic, 0));
        await cluster.SameAsync(Topic);
    }

    /// <summary>19 before the append, 20 after it.</summary>
    [Fact]
    public async Task Too_few_in_sync_are_told_before_the_append_and_after_it()
    {
        await using var cluster = await ReplicationCluster.StartAsync(3);
        await cluster.CreateAsync(Topic, [1, 2, 3], ("min.insync.replicas", "2"));
        using var client = await cluster.LeaderOfAsync(Topic);
        await client.ProduceAsync(Topic, 0, "first");
        var log = cluster[1].LogOf(Topic);
        foreach (var follower in new[] { 2, 3 }) await cluster.KillAsync(follower);
        var request = TestKafkaClient.ToProduce(Topic, 0, TestBatch.Of("second")) with { TimeoutMs = 8000 }; // The set in sync is small by then.
        var waiting = client.AskAsync(request, 12);
        await ReplicationCluster.UntilAsync(() => log.LogEndOffset == new Offset(2));
        foreach (var follower in new[] { 2, 3 }) cluster.Fence(follower);
        await cluster.HeardAsync();
        Assert.Equal("1", cluster.InSync(Topic));
        Assert.Equal(ErrorCode.NotEnoughReplicasAfterAppend, (await waiting).Responses[0].PartitionResponses[0].ErrorCode);
        Assert.Equal((new Offset(2), new Offset(1)), (log.LogEndOffset, log.HighWatermark));

        Assert.Equal(ErrorCode.NotEnoughReplicas, await client.ErrorOfProduceAsync(Topic, 0, TestBatch.Of("third")));
        Assert.Equal(new Offset(2), log.LogEndOffset); // Nothing was appended.
        Assert.Equal(["first"], await client.ReadValuesAsync(Topic, 0));
        Assert.Equal(2, await client.ProduceAsync(Topic, 0, TestBatch.Of("unsafe"), acks: 1)); // Which asks for no more.

        await cluster.StartAsync(2);
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1,2");
        await cluster.HeardAsync();
        Assert.Equal(3, await client.ProduceAsync(Topic, 0, "fourth"));
        Assert.Equal(["first", "second", "unsafe", "fourth"], await client.ReadValuesAsync(Topic, 0));
    }

    [Fact]
    public async Task A_write_that_waits_while_the_set_in_sync_falls_below_the_minimum_is_not_acknowledged()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2, ShortLag);
        await cluster.CreateAsync(Topic, [1, 2], ("min.insync.replicas", "2"));
        using var client = await cluster.LeaderOfAsync(Topic);
        await WriteAsync(client, "first");
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1,2");
        await cluster.HeardAsync();
        cluster.IsSilent = true; // The set stays as it is until the write is there.
        await cluster.KillAsync(2);
        var waiting = client.ErrorOfProduceAsync(Topic, 0, TestBatch.Of("second"));
        await ReplicationCluster.UntilAsync(() => cluster[1].LogOf(Topic).LogEndOffset == new Offset(2));
        cluster.IsSilent = false;
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1");
        Assert.False(waiting.IsCompleted);
        await cluster.StartAsync(2);
        Assert.Equal(ErrorCode.None, await waiting);
    }

    /// <summary>B18, E14, F04, F07, F08</summary>
    [Fact]
    public async Task When_the_leader_dies_another_leads_with_all_that_was_acknowledged()
    {
        await using var cluster = await ReplicationCluster.StartAsync(3);
        await cluster.CreateAsync(Topic, [1, 2, 3], ("min.insync.replicas", "2"));
        var (id, sequence) = (77L, 0);
        byte[] Batch(string value, int at) =>
            TestBatch.Of(new RecordBatchOptions { ProducerId = id, ProducerEpoch = 0, BaseSequence = at }, value);
        using (var client = await cluster.LeaderOfAsync(Topic))
            for (; sequence < 20; sequence++) await client.ProduceAsync(Topic, 0, Batch($"v{sequence}", sequence));
        await cluster.KillAsync(1);
        cluster.Fence(1);
        await cluster.HeardAsync();
        Assert.NotEqual(new BrokerId(1), cluster.Partition(Topic).Leader);
        using (var client = await cluster.LeaderOfAsync(Topic))
        {
            // The producer did not hear of its last batch, and sends it again: it is known.
            Assert.Equal(19, await client.ProduceAsync(Topic, 0, Batch("v19", 19)));
            // What is missing might have been on its way to the old leader; the second time it is just missing.
            Assert.Equal(ErrorCode.NotEnoughReplicas, await client.ErrorOfProduceAsync(Topic, 0, Batch("gap", 25)));
            Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, await client.ErrorOfProduceAsync(Topic, 0, Batch("gap", 25)));
            Assert.Equal(20, await client.ProduceAsync(Topic, 0, Batch("v20", 20)));
            Assert.Equal(Enumerable.Range(0, 21).Select(i => $"v{i}"), await client.ReadValuesAsync(Topic, 0));
        }
        await cluster.StartAsync(1);
        await ReplicationCluster.UntilAsync(() => cluster.Partition(Topic).Isr.Length == 3);
        await cluster.SameAsync(Topic);
        var terms = cluster[1].LogOf(Topic).Epochs.Entries.Select(e => $"{e.Epoch}@{e.StartOffset}");
        Assert.Equal("0@0, 1@20", string.Join(", ", terms));
    }

    /// <summary>E14, E15, E18, G23: with acks=1 a record of the old leader is lost, with acks=all the producer gets an
    /// error.</summary>
    [Fact]
    public async Task A_leader_that_did_not_hear_of_its_end_cuts_what_only_it_has()
    {
        await using var cluster = await ReplicationCluster.StartAsync(3);
        await cluster.CreateAsync(Topic, [1, 2, 3]);
        using var zombie = await cluster.LeaderOfAsync(Topic);
        await zombie.ProduceAsync(Topic, 0, "common");
        cluster[1].IsDeaf = true;
        cluster.Fence(1);
        await cluster.HeardAsync();
        using var client = await cluster.LeaderOfAsync(Topic);
        await zombie.ProduceAsync(Topic, 0, TestBatch.Of("lost", "lost"), acks: 1);
        var never = zombie.ErrorOfProduceAsync(Topic, 0, TestBatch.Of("never acknowledged"));
        Assert.Equal(1, await client.ProduceAsync(Topic, 0, "kept"));
        await client.ProduceAsync(Topic, 0, "kept too");
        Assert.False(never.IsCompleted);

        cluster.Unfence(1);
        cluster.Undeafen(1);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, await never);
        await ReplicationCluster.UntilAsync(() => cluster.Partition(Topic).Isr.Length == 3);
        await cluster.SameAsync(Topic);
        Assert.Equal(["common", "kept", "kept too"], await client.ReadValuesAsync(Topic, 0));

        cluster.Elect(Topic);
        await cluster.HeardAsync();
        using var again = await cluster[1].ConnectAsync();
        Assert.Equal(["common", "kept", "kept too"], await again.ReadValuesAsync(Topic, 0));
        Assert.Equal(3, await again.ProduceAsync(Topic, 0, "after"));
        await cluster.SameAsync(Topic);
    }

    [Fact]
    public async Task A_follower_behind_the_leaders_log_start_begins_there()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2, ShortLag);
        await cluster.CreateAsync(Topic, [1, 2]);
        using var client = await cluster.LeaderOfAsync(Topic);
        await client.ProduceAsync(Topic, 0, "0");
        await cluster.SameAsync(Topic);
        await cluster.KillAsync(2);
        await client.ProduceAsync(Topic, 0, TestBatch.Of("1", "2", "3"));
        await client.ProduceAsync(Topic, 0, TestBatch.Of("4", "5"));
        Assert.Equal(ErrorCode.None, (await client.DeleteRecordsAsync(Topic, 0, 3)).ErrorCode); // Within a batch.
        await cluster.StartAsync(2);
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1,2");
        await ReplicationCluster.UntilAsync(() => cluster[2].LogOf(Topic).LogStartOffset == new Offset(3));
        await client.ProduceAsync(Topic, 0, "6");
        await cluster.SameAsync(Topic);
    }

    [Fact]
    public async Task Deleted_records_go_on_followers_too()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2);
        await cluster.CreateAsync(Topic, [1, 2]);
        using var client = await cluster.LeaderOfAsync(Topic);
        for (var i = 0; i < 10; i++) await client.ProduceAsync(Topic, 0, $"{i}");
        Assert.Equal(new Offset(7), (await client.DeleteRecordsAsync(Topic, 0, 7)).LowWatermark);
        await ReplicationCluster.UntilAsync(() => cluster[2].LogOf(Topic).LogStartOffset == new Offset(7));
    }

    [Fact]
    public async Task With_flush_messages_followers_flush_before_they_promise()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2);
        await cluster.CreateAsync(Topic, [1, 2], ("flush.messages", "1"));
        using var client = await cluster.LeaderOfAsync(Topic);
        for (var i = 0; i < 20; i++) await client.ProduceAsync(Topic, 0, $"{i}");
        Assert.Equal(new Offset(20), cluster[2].LogOf(Topic).RecoveryPoint);
        // Roles change while flushes are on their way.
        await client.ProduceAsync(Topic, 0, TestBatch.Of("more"), acks: 1);
        cluster.Fence(1);
        cluster.Unfence(1);
        await cluster.HeardAsync();
        using var next = await cluster.LeaderOfAsync(Topic);
        await next.ProduceAsync(Topic, 0, "last");
        await ReplicationCluster.UntilAsync(() => cluster.Partition(Topic).Isr.Length == 2);
        await cluster.SameAsync(Topic);
    }

    /// <summary>A follower whose log is the longer one: it saw more than the leader, which has lost it or never had it.</summary>
    [Fact]
    public async Task A_follower_with_the_longer_log_is_cut_to_the_leaders()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2);
        await cluster.CreateAsync(Topic, [1, 2]);
        using var old = await cluster.LeaderOfAsync(Topic);
        await old.ProduceAsync(Topic, 0, "common");
        cluster[1].IsDeaf = true;
        cluster.Fence(1);
        await cluster.HeardAsync();
        using var client = await cluster.LeaderOfAsync(Topic);
        for (var i = 0; i < 10; i++) await old.ProduceAsync(Topic, 0, TestBatch.Of($"only here {i}"), acks: 1);
        await client.ProduceAsync(Topic, 0, "kept");
        Assert.Equal(new Offset(11), cluster[1].LogOf(Topic).LogEndOffset);
        Assert.Equal(new Offset(2), cluster[2].LogOf(Topic).LogEndOffset);
        cluster.Unfence(1);
        cluster.Undeafen(1);
        await ReplicationCluster.UntilAsync(() => cluster.Partition(Topic).Isr.Length == 2);
        await cluster.SameAsync(Topic);
        Assert.Equal(new Offset(2), cluster[1].LogOf(Topic).LogEndOffset);
        Assert.Equal(["common", "kept"], await client.ReadValuesAsync(Topic, 0));
    }

    /// <summary>E17: only who is in sync may lead; unclean.leader.election.enable lets another one, and what it lacks is
    /// lost.</summary>
    [Fact]
    public async Task Who_is_not_in_sync_leads_only_where_that_is_allowed()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2, ShortLag);
        await cluster.CreateAsync(Topic, [1, 2]);
        using (var client = await cluster.LeaderOfAsync(Topic))
        {
            await client.ProduceAsync(Topic, 0, "both");
            await cluster.SameAsync(Topic); // Even if it was out of sync for a moment.
            await cluster.KillAsync(2);
            Assert.Equal(1, await client.ProduceAsync(Topic, 0, "one")); // When the other one has left the ISR.
        }
        await cluster.KillAsync(1);
        cluster.Fence(1);
        await cluster.StartAsync(2);
        Assert.True(cluster.Partition(Topic).Leader.IsNone);
        cluster.Do(new ClusterCommand.ChangeConfigs([new(
            ConfigResource.Topic(Topic),
            [new ConfigEdit("unclean.leader.election.enable", ConfigOperation.Set, "true")], Replace: false)]));
        await cluster.HeardAsync();
        Assert.Equal(new BrokerId(2), cluster.Partition(Topic).Leader);
        using (var client = await cluster.LeaderOfAsync(Topic)) Assert.Equal(["both"], await client.ReadValuesAsync(Topic, 0));
        await cluster.StartAsync(1);
        await ReplicationCluster.UntilAsync(() => cluster.Partition(Topic).Isr.Length == 2);
        await cluster.SameAsync(Topic);
    }

    /// <summary>E21</summary>
    [Fact]
    public async Task A_consumer_that_says_where_it_is_reads_from_the_replica_there()
    {
        await using var cluster = await ReplicationCluster.StartAsync(3);
        await cluster.CreateAsync(Topic, [1, 2, 3]);
        using var leader = await cluster.LeaderOfAsync(Topic);
        await leader.ProduceAsync(Topic, 0, "first");
        var asked = TestKafkaClient.ToFetch(Topic, new() { PartitionMaxBytes = 1 << 20 }) with { RackId = "rack-3" };
        async Task<FetchResponse.Partition> Fetch(TestKafkaClient client, FetchRequest request) =>
            (await client.AskAsync(request, 12)).Responses[0].Partitions[0];
        var sent = await Fetch(leader, asked);
        Assert.Equal((new BrokerId(3), 0), (sent.Head.PreferredReadReplica, sent.Records.Length));
        Assert.Equal(BrokerId.None, (await Fetch(leader, asked with { RackId = "rack-1" })).Head.PreferredReadReplica);
        Assert.False((await Fetch(leader, asked with { RackId = "rack-9" })).Records.IsEmpty);

        await ReplicationCluster.UntilAsync(() => cluster[3].LogOf(Topic).HighWatermark == new Offset(1));
        using var nearest = await cluster[3].ConnectAsync();
        var read = await Fetch(nearest, asked);
        Assert.Equal((ErrorCode.None, BrokerId.None), (read.Head.ErrorCode, read.Head.PreferredReadReplica));
        Assert.False(read.Records.IsEmpty);
        // It waits there for what comes.
        var next = TestKafkaClient.ToFetch(Topic, new() { FetchOffset = new(1), PartitionMaxBytes = 1 << 20 });
        var waiting = Fetch(nearest, next with { RackId = "rack-3", MaxWaitMs = 30_000 });
        await leader.ProduceAsync(Topic, 0, "second");
        Assert.False((await waiting).Records.IsEmpty);
    }

    [Fact]
    public async Task What_an_unclean_election_loses_is_recorded_with_its_range()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2, ShortLag);
        await cluster.CreateAsync(Topic, [1, 2], ("unclean.leader.election.enable", "true"));
        using (var client = await cluster.LeaderOfAsync(Topic))
        {
            await client.ProduceAsync(Topic, 0, "on both");
            await cluster.SameAsync(Topic);
            await cluster.KillAsync(2);
            cluster.Fence(2);
            for (var i = 0; i < 3; i++) await client.ProduceAsync(Topic, 0, $"on 1 only {i}");
        }
        await cluster.KillAsync(1);
        cluster.Fence(1);
        await cluster.StartAsync(2);
        await cluster.HeardAsync();
        Assert.Equal(new BrokerId(2), cluster.Partition(Topic).Leader);
        using (var client = await cluster.LeaderOfAsync(Topic)) await client.ProduceAsync(Topic, 0, "instead");
        await cluster.StartAsync(1);
        await ReplicationCluster.UntilAsync(() => cluster.Partition(Topic).Isr.Length == 2);
        await cluster.SameAsync(Topic);
        await ReplicationCluster.UntilAsync(() => cluster.Events.Any(e => e is MetadataEvent.RecordsLost));
        var lost = Assert.Single(cluster.Events.OfType<MetadataEvent.RecordsLost>());
        Assert.Equal((new BrokerId(1), new Offset(1), new Offset(4)), (lost.Replica, lost.From, lost.To));
        Assert.Single(cluster.Events.OfType<MetadataEvent.UncleanElection>());
    }

    [Fact]
    public async Task While_the_controller_is_silent_leaders_go_on_and_propose_again()
    {
        await using var cluster = await ReplicationCluster.StartAsync(3, ShortLag);
        await cluster.CreateAsync(Topic, [1, 2, 3]);
        using var client = await cluster.LeaderOfAsync(Topic);
        await client.ProduceAsync(Topic, 0, "zeroth");
        cluster.IsSilent = true;
        await cluster.KillAsync(3);
        var waiting = client.ProduceAsync(Topic, 0, "first");
        await ReplicationCluster.UntilAsync(() => cluster[1].LogOf(Topic).LogEndOffset == new Offset(2)); // Before the second.
        using var other = await cluster.LeaderOfAsync(Topic);
        await other.ProduceAsync(Topic, 0, TestBatch.Of("second"), acks: 1);
        Assert.False(waiting.IsCompleted);
        cluster.IsSilent = false;
        Assert.Equal(1, await waiting);
        await ReplicationCluster.UntilAsync(() => cluster.InSync(Topic) == "1,2"); // The second may have been late as well.
    }

    /// <summary>A write of a test's preparation, repeated as by any producer: on a busy machine the follower may be out of sync for
    /// a moment.</summary>
    private static async Task WriteAsync(TestKafkaClient client, string value)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        ErrorCode error;
        while ((error = await client.ErrorOfProduceAsync(Topic, 0, TestBatch.Of(value))) == ErrorCode.NotEnoughReplicas)
            await Task.Delay(20, patience.Token);
        Assert.Equal(ErrorCode.None, error);
    }
}
