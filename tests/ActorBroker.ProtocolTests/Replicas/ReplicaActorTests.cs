using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using Akka.Actor;

namespace ActorBroker.ProtocolTests.Replicas;

public sealed class ReplicaActorTests : ReplicaTest
{
    private static Offset At(long offset) => new(offset);

    [Fact]
    public async Task Batches_get_consecutive_offsets_and_can_be_read_back()
    {
        var replica = await AssignAsync();
        Assert.Equal(At(0), (await Append(replica, AskedAppend.Of(3))).BaseOffset);
        Assert.Equal(At(3), (await Append(replica, AskedAppend.Of(2, acks: 1))).BaseOffset);
        Assert.Equal(At(5), (await Append(replica, AskedAppend.Of(1, acks: 0))).BaseOffset);

        var read = await Read(replica, AskedRead.At(0));
        Assert.Equal((ErrorCode.None, At(6), At(0)), (read.Error, read.HighWatermark, read.LogStart));
        var offsets = new List<long>();
        foreach (var batch in new RecordBatches(read.Range!.ToArray())) offsets.Add(batch.Header.BaseOffset.Value);
        Assert.Equal("0, 3, 5", string.Join(", ", offsets));
        read.Release();
    }

    [Fact]
    public async Task What_is_asked_while_the_log_is_opened_is_answered_in_order_afterwards()
    {
        Logs.MayOpen.Reset();
        var replica = await AssignAsync();
        var appends = Enumerable.Range(0, 5).Select(_ => AskedAppend.Of(2)).ToArray();
        foreach (var append in appends) replica.Tell(append, ActorRefs.NoSender);
        var read = AskedRead.At(0);
        replica.Tell(read, ActorRefs.NoSender);
        Assert.DoesNotContain(appends, a => a.IsAnswered);
        Logs.MayOpen.Set();
        for (var i = 0; i < appends.Length; i++) Assert.Equal(At(2 * i), (await appends[i].Reply).BaseOffset);
        Assert.Equal(ErrorCode.None, (await read.Reply).Error);
    }

    [Fact]
    public async Task Appends_that_wait_together_are_written_together_and_answered_each()
    {
        Logs.MayOpen.Reset();
        var replica = await AssignAsync();
        var appends = Enumerable.Range(0, 200).Select(i => AskedAppend.Of(1 + i % 3, acks: (short)(i % 2 == 0 ? -1 : 1)))
            .ToArray();
        foreach (var append in appends) replica.Tell(append, ActorRefs.NoSender);
        Logs.MayOpen.Set();
        var next = 0;
        foreach (var append in appends)
        {
            Assert.Equal((ErrorCode.None, At(next)), ((await append.Reply).Error, append.BaseOffset));
            next += append.Header.RecordCount;
        }
    }

    [Fact]
    public async Task A_repeated_batch_of_an_idempotent_producer_is_answered_as_the_first_time_and_a_gap_refused()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(4, producerId: 9, sequence: 0));
        await Append(replica, AskedAppend.Of(2, producerId: 9, sequence: 4));
        var again = await Append(replica, AskedAppend.Of(4, producerId: 9, sequence: 0));
        Assert.Equal((ErrorCode.None, At(0)), (again.Error, again.BaseOffset));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber,
            (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 99))).Error);
        Assert.Equal(At(6), (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 6))).BaseOffset);
    }

    [Fact]
    public async Task A_batch_behind_one_that_was_refused_waits_for_its_turn()
    {
        var replica = await AssignAsync(Assignment(replicas: [One, Two], leader: Two));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 0))).Error);
        await AssignAsync(Assignment(epoch: new(1)));
        await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 0));
        var late = AskedAppend.Of(2, producerId: 9, sequence: 1);
        late.Refusal = ErrorCode.NotLeaderOrFollower; // The broker was out of touch for a moment.
        Assert.Equal(ErrorCode.NotLeaderOrFollower, (await Append(replica, late)).Error);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 3))).Error);
        Assert.Equal(At(1), (await Append(replica, AskedAppend.Of(2, producerId: 9, sequence: 1))).BaseOffset);
        Assert.Equal(At(3), (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 3))).BaseOffset);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber,
            (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 5))).Error);
    }

    /// <summary>What the last leader had of a producer and has not answered may come to this one behind what was sent later.</summary>
    [Fact]
    public async Task A_new_leader_sends_back_what_comes_early_and_tells_of_a_hole_if_that_comes_again()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(2, producerId: 9, sequence: 0));
        await AssignAsync(Assignment(epoch: new(1)));
        Assert.Equal(ErrorCode.NotEnoughReplicas, (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 3))).Error);
        Assert.Equal(ErrorCode.NotEnoughReplicas, (await Append(replica, AskedAppend.Of(2, producerId: 9, sequence: 4))).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber,
            (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 3))).Error);
        Assert.Equal(At(2), (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 2))).BaseOffset);
        Assert.Equal(At(3), (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 3))).BaseOffset);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber,
            (await Append(replica, AskedAppend.Of(1, producerId: 9, sequence: 6))).Error);
    }

    [Fact]
    public async Task A_repetition_that_overtakes_the_write_of_the_first_waits_for_it()
    {
        Logs.MayOpen.Reset();
        var replica = await AssignAsync();
        var (first, again) = (AskedAppend.Of(4, producerId: 9, sequence: 0), AskedAppend.Of(4, producerId: 9, sequence: 0));
        replica.Tell(first, ActorRefs.NoSender);
        replica.Tell(again, ActorRefs.NoSender);
        Logs.MayOpen.Set();
        Assert.Equal((At(0), At(0)), ((await first.Reply).BaseOffset, (await again.Reply).BaseOffset));
        Assert.Equal(At(4), (await Read(replica, AskedRead.At(4))).HighWatermark);
    }

    [Fact]
    public async Task Reading_outside_the_log_or_with_another_epoch_is_refused()
    {
        var replica = await AssignAsync(Assignment(epoch: new(5)));
        await Append(replica, AskedAppend.Of(4));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await Read(replica, AskedRead.At(5))).Error);
        Assert.Equal(ErrorCode.None, (await Read(replica, AskedRead.At(4))).Error);
        var (old, future) = (AskedRead.At(0), AskedRead.At(0));
        (old.KnownEpoch, future.KnownEpoch) = (new(4), new(6));
        Assert.Equal((ErrorCode.FencedLeaderEpoch, ErrorCode.UnknownLeaderEpoch),
            ((await Read(replica, old)).Error, (await Read(replica, future)).Error));
    }

    [Fact]
    public async Task A_reader_that_waits_hears_of_new_bytes_until_it_leaves()
    {
        var replica = await AssignAsync();
        var read = await Read(replica, AskedRead.At(0));
        Assert.Null(read.Range);
        replica.Tell(read.Park, ActorRefs.NoSender);
        var append = await Append(replica, AskedAppend.Of(4));
        Assert.Equal(append.Batch.Length, await read.NextProgress);
        replica.Tell(read.Unpark, ActorRefs.NoSender);
        await Append(replica, AskedAppend.Of(4));
        Assert.False(read.HasProgress);
    }

    [Fact]
    public async Task A_reader_that_parks_too_late_is_told_to_read_again()
    {
        var replica = await AssignAsync();
        var read = await Read(replica, AskedRead.At(0));
        await Append(replica, AskedAppend.Of(4));
        replica.Tell(read.Park, ActorRefs.NoSender);
        Assert.Equal(long.MaxValue, await read.NextProgress);
        replica.Tell(read.Unpark, ActorRefs.NoSender); // Harmless.
        Assert.Equal(ErrorCode.None, (await Append(replica, AskedAppend.Of(1))).Error);
    }

    [Fact]
    public async Task A_reader_whose_log_departs_is_told_where()
    {
        var replica = await AssignAsync(Assignment(epoch: new(2)));
        await Append(replica, AskedAppend.Of(4));
        await AssignAsync(Assignment(epoch: new(5)));
        await Append(replica, AskedAppend.Of(4));
        var read = AskedRead.At(6);
        read.LastFetchedEpoch = new(2);
        await Read(replica, read);
        Assert.Equal((new Epoch(2), At(4)), (read.Diverging!.Value.Epoch, read.Diverging.Value.EndOffset));
    }

    [Fact]
    public async Task With_a_follower_in_sync_acks_all_waits_for_it_and_times_out()
    {
        var replica = await AssignAsync(Assignment(replicas: [One, Two]));
        Assert.Equal(ErrorCode.None, (await Append(replica, AskedAppend.Of(3, acks: 1))).Error);
        var all = AskedAppend.Of(2);
        replica.Tell(all, ActorRefs.NoSender);
        var impatient = AskedAppend.Of(2);
        impatient.Timeout = TimeSpan.FromMilliseconds(20);
        Assert.Equal(ErrorCode.RequestTimedOut, (await Append(replica, impatient)).Error);
        Assert.False(all.IsAnswered);

        var fetch = AskedRead.At(5);
        fetch.Follower = Two;
        await Read(replica, fetch);
        Assert.Equal((ErrorCode.None, At(3)), ((await all.Reply).Error, all.BaseOffset));
        Assert.Equal(At(5), (await Read(replica, AskedRead.At(0))).HighWatermark);
    }

    [Fact]
    public async Task A_follower_refuses_and_a_broker_without_replica_cannot_follow()
    {
        var replica = await AssignAsync(Assignment(replicas: [One, Two]));
        var fetch = AskedRead.At(0);
        fetch.Follower = Three;
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await Read(replica, fetch)).Error);
        await AssignAsync(Assignment(replicas: [One, Two], epoch: new(3), leader: Two));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, (await Append(replica, AskedAppend.Of(1))).Error);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, (await Read(replica, AskedRead.At(0))).Error);
    }

    [Fact]
    public async Task A_segment_that_is_full_is_rolled_elsewhere_and_nothing_is_lost()
    {
        var replica = await AssignAsync(Assignment(Kept with { SegmentBytes = 2000 }));
        var appends = Enumerable.Range(0, 100).Select(_ => AskedAppend.Of(5, valueBytes: 30)).ToArray();
        foreach (var append in appends) replica.Tell(append, ActorRefs.NoSender);
        for (var i = 0; i < appends.Length; i++)
            Assert.Equal((ErrorCode.None, At(5 * i)), ((await appends[i].Reply).Error, appends[i].BaseOffset));

        var read = await Read(replica, AskedRead.At(0));
        Assert.True(read.EndsEarly);
        Assert.InRange(read.Bytes, 1, 2000);
        read.Release();
    }

    [Fact]
    public async Task With_flush_messages_1_an_answer_means_flushed()
    {
        var replica = await AssignAsync(Assignment(Kept with { FlushMessages = 1 }));
        using var mayFlush = new ManualResetEventSlim(initialState: true);
        Logs.Disk.FailFlush = path =>
        {
            if (path.EndsWith(".log", StringComparison.Ordinal)) mayFlush.Wait(Patience);
            return false;
        };
        for (var round = 0; round < 5; round++)
        {
            // While the first ones are flushed the others come, however slow this thread is: they share flushes.
            mayFlush.Reset();
            var appends = Enumerable.Range(0, 50).Select(_ => AskedAppend.Of(1, acks: 1)).ToArray();
            foreach (var append in appends) replica.Tell(append, ActorRefs.NoSender);
            var end = At(50 * (round + 1));
            await Until(() => Logs.Opened.TryPeek(out var log) && log.LogEndOffset == end);
            mayFlush.Set();
            foreach (var append in appends) Assert.Equal(ErrorCode.None, (await append.Reply).Error);
        }
        Assert.InRange(Logs.Disk.Flushes, 1, 100);
        Logs.Disk.CutPower();
        using var recovered = Logs.Open(Orders0, Orders, Kept);
        Assert.Equal(At(250), recovered.LogEndOffset);
    }

    [Fact]
    public async Task A_full_disk_refuses_appends_and_reading_goes_on_and_appends_too_when_there_is_room()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(2));
        Logs.Disk.FreeBytes = 10;
        Assert.Equal(ErrorCode.KafkaStorageError, (await Append(replica, AskedAppend.Of(2))).Error);
        Assert.Equal((ErrorCode.None, At(2)),
            ((await Read(replica, AskedRead.At(0))).Error, (await Read(replica, AskedRead.At(0))).HighWatermark));
        Logs.Disk.FreeBytes = long.MaxValue;
        Assert.Equal((ErrorCode.None, At(2)), ((await Append(replica, AskedAppend.Of(2))).Error, At(2)));
        Assert.Equal(At(4), (await Read(replica, AskedRead.At(4))).HighWatermark);
    }

    /// <summary>Found by simulation: of a new producer's first batches the first was refused, the second taken, as nothing was known of that
    /// producer; when the first came again, it was out of order for ever.</summary>
    [Fact]
    public async Task What_a_new_producer_sent_behind_a_refused_batch_waits_for_that()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(1)); // Its log is open.
        Logs.Disk.FreeBytes = 10;
        Assert.Equal(ErrorCode.KafkaStorageError, (await Append(replica, AskedAppend.Of(1, producerId: 7, sequence: 0))).Error);
        Logs.Disk.FreeBytes = long.MaxValue;
        Assert.Equal(ErrorCode.KafkaStorageError, (await Append(replica, AskedAppend.Of(1, producerId: 7, sequence: 1))).Error);
        Assert.Equal(ErrorCode.None, (await Append(replica, AskedAppend.Of(1, producerId: 7, sequence: 0))).Error);
        Assert.Equal(ErrorCode.None, (await Append(replica, AskedAppend.Of(1, producerId: 7, sequence: 1))).Error);
    }

    [Fact]
    public async Task A_failed_flush_takes_the_replica_offline()
    {
        var replica = await AssignAsync(Assignment(Kept with { FlushMessages = 1 }));
        Assert.Equal(ErrorCode.None, (await Append(replica, AskedAppend.Of(2))).Error);
        Logs.Disk.FailFlush = _ => true;
        Assert.Equal(ErrorCode.KafkaStorageError, (await Append(replica, AskedAppend.Of(2))).Error);
        Logs.Disk.FailFlush = null;
        Assert.Equal(ErrorCode.KafkaStorageError, (await Append(replica, AskedAppend.Of(2))).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, (await Read(replica, AskedRead.At(0))).Error);
    }

    [Fact]
    public async Task A_log_that_cannot_be_opened_answers_a_storage_error()
    {
        Logs.FailOpen = new IOException("no disk");
        var replica = await AssignAsync();
        Assert.Equal(ErrorCode.KafkaStorageError, (await Append(replica, AskedAppend.Of(2))).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, (await Read(replica, AskedRead.At(0))).Error);
        Assert.Equal(ErrorCode.KafkaStorageError,
            (await replica.Ask<Replica.OffsetFound>(new Replica.FindOffset(-1, Epoch.None, false), Patience)).Error);
    }

    [Fact]
    public async Task Offsets_are_found_by_time_and_at_both_ends()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(5)); // Timestamps 1000 to 1004.
        Task<Replica.OffsetFound> Find(long timestamp) =>
            replica.Ask<Replica.OffsetFound>(new Replica.FindOffset(timestamp, Epoch.None, OnlyCommitted: false), Patience);
        Assert.Equal(At(5), (await Find(-1)).Offset);
        Assert.Equal(At(0), (await Find(-2)).Offset);
        Assert.Equal((At(4), 1004L), ((await Find(-3)).Offset, (await Find(-3)).TimestampMs));
        Assert.Equal((At(2), 1002L), ((await Find(1002)).Offset, (await Find(1002)).TimestampMs));
        Assert.Equal(Offset.None, (await Find(9999)).Offset);
    }

    [Fact]
    public async Task Records_are_deleted_up_to_the_high_watermark()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(5));
        await Append(replica, AskedAppend.Of(5));
        Task<Replica.RecordsDeleted> Delete(long before) =>
            replica.Ask<Replica.RecordsDeleted>(new Replica.DeleteRecords(At(before)), Patience);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await Delete(11)).Error);
        Assert.Equal((ErrorCode.None, At(5)), ((await Delete(5)).Error, (await Delete(5)).LogStart));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await Read(replica, AskedRead.At(4))).Error);
        Assert.Equal(At(10), (await Delete(-1)).LogStart);
    }

    [Fact]
    public async Task Retention_finds_its_turn_among_appends_and_moves_the_start()
    {
        Logs.MayOpen.Reset();
        var replica =
            await AssignAsync(Assignment(Kept with { SegmentBytes = 2000, RetentionBytes = 4000, FileDeleteDelayMs = 0 }));
        var appends = Enumerable.Range(0, 100).Select(_ => AskedAppend.Of(5, valueBytes: 30)).ToArray();
        foreach (var append in appends) replica.Tell(append, ActorRefs.NoSender);
        replica.Tell(Replica.Maintain.Instance, ActorRefs.NoSender);
        var last = AskedAppend.Of(1);
        replica.Tell(last, ActorRefs.NoSender);
        Logs.MayOpen.Set();
        Assert.Equal((ErrorCode.None, At(500)), ((await last.Reply).Error, last.BaseOffset));
        var start = (await replica.Ask<Replica.OffsetFound>(new Replica.FindOffset(-2, Epoch.None, false), Patience)).Offset;
        Assert.InRange(start.Value, 1, 500);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await Read(replica, AskedRead.At(0))).Error);
    }

    /// <summary>What the write before it has committed, in the same message: else it is kept until the next time, minutes later.
    /// The replica's thread goes on only when retention has run.</summary>
    [Fact]
    public async Task Retention_knows_what_was_committed_just_before_it()
    {
        Logs.MayOpen.Reset();
        var replica = await AssignAsync(Assignment(Kept with { RetentionMs = 1000 }));
        var (reader, hasRun) = (AskedRead.At(0), false);
        reader.AtProgress = () => hasRun = SpinWait.SpinUntil(() => Logs.Opened.Single().LogStartOffset == At(5), Patience);
        foreach (var message in new object[] { reader, reader.Park, AskedAppend.Of(5), Replica.Maintain.Instance }) // Records of 1970.
            replica.Tell(message, ActorRefs.NoSender);
        Logs.MayOpen.Set(); // Now one message handles all that has waited.
        await reader.NextProgress;
        Assert.True(hasRun);
    }

    [Fact]
    public async Task A_closed_segment_is_flushed_without_being_asked()
    {
        var replica = await AssignAsync(Assignment(Kept with { SegmentBytes = 2000 }));
        for (var i = 0; i < 20; i++) await Append(replica, AskedAppend.Of(5, valueBytes: 30));
        await Until(() => Logs.Disk.Flushes > 0);
    }

    [Fact]
    public async Task A_stopped_replica_closes_its_log_and_answers_who_comes_late()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(5));
        Assert.Equal(new ReplicaId(Orders, 0),
            (await replica.Ask<Replica.Stopped>(new Replica.Stop(new(Orders, 0), Delete: false), Patience)).Replica);
        Assert.False(Replicas.TryFind("orders", 0, out _));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, (await Append(replica, AskedAppend.Of(5))).Error);
        using var reopened = Logs.Open(Orders0, Orders, Kept);
        Assert.Equal(At(5), reopened.LogEndOffset);
    }

    [Fact]
    public async Task A_deleted_partition_leaves_no_files()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(5));
        await replica.Ask<Replica.Stopped>(new Replica.Stop(new(Orders, 0), Delete: true), Patience);
        Assert.False(Logs.Disk.DirectoryExists("/data/orders-0"));
    }

    /// <summary>Found by simulation: of a topic that was deleted while a full disk kept its log from being made, a folder stayed.</summary>
    [Fact]
    public async Task What_an_attempt_to_open_the_log_has_left_is_deleted_too()
    {
        Logs.Disk.CreateDirectory("/data/orders-0");
        Logs.FailOpen = new LogStorageException(LogStorageFailure.DiskFull, "/data/orders-0", "no space left");
        var replica = await AssignAsync();
        Assert.Equal(new ReplicaId(Orders, 0),
            (await replica.Ask<Replica.Stopped>(new Replica.Stop(new(Orders, 0), Delete: true), Patience)).Replica);
        Assert.False(Logs.Disk.DirectoryExists("/data/orders-0"));
    }

    [Fact]
    public async Task A_replica_that_stops_on_its_own_is_started_again_from_its_log()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(5));
        replica.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await Until(() => Replicas.TryFind("orders", 0, out var other) && !other.Actor.Equals(replica));
        Assert.Equal(At(5), (await Append(Replica0, AskedAppend.Of(1))).BaseOffset);
    }

    [Fact]
    public async Task A_replica_that_stops_while_its_log_is_opened_leaves_it_to_the_next_one()
    {
        Logs.MayOpen.Reset();
        var replica = await AssignAsync();
        replica.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await Until(() => !Replicas.TryFind("orders", 0, out _));
        Logs.MayOpen.Set();
        await Until(() => Logs.Opened.TryPeek(out var first) && (first.IsLeft || first.IsClosed));
        await Until(() => Replicas.TryFind("orders", 0, out _));
        Assert.Equal(ErrorCode.None, (await Append(Replica0, AskedAppend.Of(1))).Error);
    }

    /// <summary>Told so that it is a region's entity: what comes while it goes reaches the next one.</summary>
    [Fact]
    public async Task A_replica_that_was_stopped_can_be_assigned_again_at_once()
    {
        var replica = await AssignAsync();
        await Append(replica, AskedAppend.Of(5));
        for (var i = 0; i < 20; i++)
        {
            var stopped = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
            Region.Tell(new ReplicaId(Orders, 0), new Replica.Stop(new(Orders, 0), Delete: false), Hearing(stopped));
            Assert.IsType<Replica.Stopped>(await stopped.Task.WaitAsync(Patience));
            var assigned = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
            Region.Tell(new ReplicaId(Orders, 0), Assignment(), Hearing(assigned));
            Assert.IsType<Replica.Assigned>(await assigned.Task.WaitAsync(Patience));
        }
        Assert.Equal(At(5), (await Append(Replica0, AskedAppend.Of(1))).BaseOffset);
    }

    private IActorRef Hearing(TaskCompletionSource<object> heard) => System.ActorOf(Props.Create(() => new Ear(heard)));

    private sealed class Ear : ReceiveActor
    {
        public Ear(TaskCompletionSource<object> heard) => ReceiveAny(heard.SetResult);
    }
}
