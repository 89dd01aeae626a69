using ActorBroker.Journal.Producers;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using static ActorBroker.Journal.Tests.Support.Seeds;

namespace ActorBroker.Journal.Tests.Producers;

public sealed class ProducerStatesTests
{
    private readonly ProducerStates _producers = new();

    [Fact]
    public void A_batch_that_is_not_idempotent_is_always_appended() =>
        Assert.True(_producers.Check(TestBatch.Header(TestBatch.Of(1))).MayAppend);

    [Fact]
    public void Of_an_unknown_producer_any_sequence_is_taken() => Assert.True(Check(0, 17).MayAppend);

    [Fact]
    public void The_next_sequence_is_taken_and_a_gap_is_not()
    {
        Learn(0, 0, records: 3);
        Assert.True(Check(0, 3).MayAppend);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(0, 4).Error);
    }

    [Fact]
    public void A_hole_is_told_apart_from_what_is_too_old_to_be_known()
    {
        for (var sequence = 0; sequence < 7; sequence++) Learn(0, sequence, offset: 10 + sequence);
        var hole = Check(0, 9);
        Assert.Equal((true, 16L), (hole.IsHole, hole.Earlier.LastOffset.Value));
        Assert.True(Check(1, 2).IsHole);
        var old = Check(0, 0);
        Assert.Equal((ErrorCode.OutOfOrderSequenceNumber, false), (old.Error, old.IsHole));
    }

    [Fact]
    public void A_batch_sent_again_is_answered_with_its_first_offsets()
    {
        Learn(0, 0, records: 3, offset: 100);
        Learn(0, 3, records: 2, offset: 200);
        var verdict = Check(0, 0, records: 3);
        Assert.True(verdict.IsDuplicate);
        Assert.Equal(100, verdict.Earlier.BaseOffset.Value);
        Assert.Equal(102, verdict.Earlier.LastOffset.Value);
        Assert.Equal(TestBatch.Time, verdict.Earlier.TimestampMs);
    }

    [Fact]
    public void The_last_five_batches_are_remembered_and_older_ones_are_out_of_order()
    {
        for (var i = 0; i < 6; i++) Learn(0, i);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(0, 0).Error);
        for (var i = 1; i < 6; i++) Assert.True(Check(0, i).IsDuplicate);
    }

    [Fact]
    public void Batches_that_a_client_may_still_wait_for_are_known_after_a_restart()
    {
        for (var i = 0; i < 6; i++) Learn(0, i, offset: 100 + i);
        var restored = new ProducerStates();
        restored.Load(_producers.ToSnapshot(), nowMs: 5000);
        for (var i = 1; i < 6; i++)
        {
            var verdict = restored.Check(Header(0, i));
            Assert.True(verdict.IsDuplicate);
            Assert.Equal(100 + i, verdict.Earlier.BaseOffset.Value);
        }
        Assert.Equal(_producers.ToSnapshot(), restored.ToSnapshot());
    }

    [Fact]
    public void Same_sequences_in_another_cut_are_no_duplicate()
    {
        Learn(0, 0, records: 3);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(0, 0, records: 2).Error);
    }

    [Fact]
    public void A_lower_epoch_is_fenced_and_a_higher_one_starts_at_zero()
    {
        Learn(3, 0);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Check(2, 1).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(4, 1).Error);
        Assert.True(Check(4, 0).MayAppend);
        Learn(4, 0);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Check(3, 0).Error);
    }

    [Fact]
    public void After_the_highest_sequence_comes_zero()
    {
        Learn(0, int.MaxValue - 1, records: 2);
        Assert.True(Check(0, 0).MayAppend);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(0, 1).Error);
    }

    [Fact]
    public void A_batch_may_run_over_the_highest_sequence()
    {
        Learn(0, int.MaxValue - 1, records: 4);
        Assert.True(Check(0, int.MaxValue - 1, records: 4).IsDuplicate);
        Assert.True(Check(0, 2).MayAppend);
    }

    [Fact]
    public void A_producer_that_was_silent_too_long_is_forgotten()
    {
        Learn(0, 5, seenMs: 1000);
        Assert.Equal(0, _producers.Expire(1100, idleMs: 100));
        Assert.Equal(1, _producers.Expire(1101, idleMs: 100));
        Assert.True(Check(0, 99).MayAppend);
    }

    [Fact]
    public void Records_without_a_time_do_not_make_a_producer_old()
    {
        var restored = new ProducerStates();
        restored.Load([new(7, 0, 5, new(5), 0, TimestampMs: -1, -1, Offset.None)], nowMs: 5000);
        Assert.Equal(0, restored.Expire(5000, idleMs: 100));
        Assert.Equal(1, restored.Count);
    }

    [Fact]
    public void An_open_transaction_bars_other_batches_and_keeps_the_producer()
    {
        var open = RecordBatchAttributes.Of(CompressionCodec.None, transactional: true);
        var transactional = Header(0, 0) with { Attributes = open, BaseOffset = new(50) };
        _producers.Learn(transactional, 0);
        Assert.Equal(50, _producers.FirstOpenTransaction.Value);
        Assert.Equal(ErrorCode.InvalidTxnState, Check(0, 1).Error);
        Assert.Equal(0, _producers.Expire(long.MaxValue, 1));

        var end = RecordBatchAttributes.Of(CompressionCodec.None, transactional: true, control: true);
        var marker = transactional with { Attributes = end, BaseSequence = -1 };
        _producers.Learn(marker, 0);
        Assert.True(_producers.FirstOpenTransaction.IsNone);
        Assert.True(Check(0, 1).MayAppend);
    }

    /// <summary>The model keeps every batch in a list.</summary>
    [Fact]
    public void Verdicts_are_those_of_a_naive_model() => ForAnySeed(seed =>
    {
        var random = new Random(seed);
        var producers = new ProducerStates();
        var model = new List<RecordBatchHeader>();
        for (var step = 0; step < 200; step++)
        {
            var (id, epoch, sequence, records) = (random.Next(3), (short)random.Next(3), random.Next(12), 1 + random.Next(2));
            var last = model.FindLast(batch => batch.ProducerId == id);
            if (last.HasProducerId && last.RecordCount > 0 && random.Next(2) == 0) sequence = last.LastSequence + 1;
            var batch = TestBatch.Header(TestBatch.Idempotent(id, epoch, sequence, records)) with { BaseOffset = new(step * 10) };
            var verdict = producers.Check(batch);

            var earlier = model.Where(each => each.ProducerId == id).ToList();
            var known = earlier.Count == 0 ? (short)-1 : earlier[^1].ProducerEpoch;
            var recent = earlier.Where(each => each.ProducerEpoch == known).TakeLast(5).ToList();
            var same = recent.FindIndex(each => epoch == known && each.BaseSequence == sequence && each.RecordCount == records);
            if (earlier.Count == 0) Assert.True(verdict.MayAppend);
            else if (same >= 0) Assert.Equal(recent[same].BaseOffset, verdict.Earlier.BaseOffset);
            else if (epoch < known) Assert.Equal(ErrorCode.InvalidProducerEpoch, verdict.Error);
            else if (sequence == (epoch == known ? recent[^1].LastSequence + 1 : 0)) Assert.True(verdict.MayAppend);
            else Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, verdict.Error);

            if (!verdict.MayAppend) continue;
            model.Add(batch);
            producers.Learn(batch, 0);
        }
    });

    [Fact]
    public void A_snapshot_round_trips_and_a_flipped_bit_is_seen()
    {
        Learn(3, 0, records: 4, offset: 77);
        Learn(3, 4, records: 2, offset: 90);
        var bytes = ProducerSnapshot.Write(_producers.ToSnapshot());
        Assert.Equal(2 + 4 + 4 + (2 * 46), bytes.Length);
        Assert.True(ProducerSnapshot.TryRead(bytes, out var entries));
        Assert.Equal(new ProducerSnapshotEntry(7, 3, 3, new(80), 3, TestBatch.Time, -1, Offset.None), entries[0]);
        Assert.Equal(new ProducerSnapshotEntry(7, 3, 5, new(91), 1, TestBatch.Time, -1, Offset.None), entries[1]);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(ProducerSnapshot.TryRead(bytes, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_log_knows_its_producers_after_any_restart()
    {
        foreach (var clean in new[] { true, false })
        {
            var disk = new TestDisk();
            var config = new LogConfig { SegmentBytes = 500 };
            var log = disk.Open(config);
            for (var i = 0; i < 30; i++) log.Append(TestBatch.Idempotent(7, 0, i));
            log.Close(clean);
            // A damaged snapshot is passed over.
            disk.Files.FlipBit(Path.Combine(TestDisk.Folder, disk.Names(".snapshot")[^1]), 100);

            using var reopened = disk.Open(config, LogStart.Unknown with { IsClean = clean });
            Assert.True(reopened.Producers.Check(TestBatch.Header(TestBatch.Idempotent(7, 0, 30))).MayAppend);
            Assert.Equal(29, reopened.Producers.Check(TestBatch.Header(TestBatch.Idempotent(7, 0, 29))).Earlier.BaseOffset.Value);
            Assert.Equal(ErrorCode.OutOfOrderSequenceNumber,
                reopened.Producers.Check(TestBatch.Header(TestBatch.Idempotent(7, 0, 31))).Error);
        }
    }

    [Fact]
    public void A_snapshot_at_a_roll_knows_nothing_of_later_batches_that_were_staged_with_it()
    {
        var disk = new TestDisk();
        using var log = disk.Open(new LogConfig { SegmentBytes = 200 });
        for (var i = 0; i < 6; i++)
        {
            var batch = TestBatch.Idempotent(7, 0, i);
            log.Stage(batch, TestBatch.Header(batch), Epoch.Zero, TestBatch.Time);
        }
        log.WriteStaged(TestBatch.Time);
        foreach (var name in disk.Names(".snapshot"))
        {
            Assert.True(ActorBroker.Journal.Segments.SegmentName.TryParse(name, out var offset, out _));
            Assert.True(ProducerSnapshot.TryRead(disk.Files.ReadAll(Path.Combine(TestDisk.Folder, name)), out var entries));
            Assert.Equal(offset.Value - 1, entries[^1].LastOffset.Value);
        }
        Assert.True(log.SegmentCount > 1);
    }

    private static RecordBatchHeader Header(short epoch, int sequence, int records = 1) =>
        TestBatch.Header(TestBatch.Idempotent(7, epoch, sequence, records));

    private ProducerVerdict Check(short epoch, int sequence, int records = 1) =>
        _producers.Check(Header(epoch, sequence, records));

    private void Learn(short epoch, int sequence, int records = 1, long offset = 0, long seenMs = 0) =>
        _producers.Learn(Header(epoch, sequence, records) with { BaseOffset = new(offset) }, seenMs);
}
