using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Core.Tests.Replication;

/// <summary>A hole that this broker has made itself, or that the change of leaders may have made, is not held against the
/// producer.</summary>
public sealed class RefusedBatchesTests
{
    private static readonly TimeSpan Start = TimeSpan.Zero, Soon = TimeSpan.FromSeconds(10), Later = TimeSpan.FromMinutes(2);

    private readonly RefusedBatches _refused = new();

    [Fact]
    public void What_comes_behind_a_refused_batch_gets_the_same_error()
    {
        _refused.Add(Batch(5), ErrorCode.NotEnoughReplicas, Start);
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6), Soon));
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(9), Soon));
    }

    [Fact]
    public void What_comes_behind_nothing_is_free_to_come()
    {
        Assert.Equal(ErrorCode.None, _refused.Behind(Batch(6), Soon));
        _refused.Add(Batch(5), ErrorCode.NotEnoughReplicas, Start);
        Assert.Equal(ErrorCode.None, _refused.Behind(Batch(5), Soon));
        Assert.Equal(ErrorCode.None, _refused.Behind(Batch(6, producer: 2), Soon));
        Assert.Equal(ErrorCode.NotEnoughReplicas, _refused.Behind(Batch(6), Soon));
        Assert.Equal(ErrorCode.None, _refused.Behind(Batch(6), Later));
    }

    [Fact]
    public void Other_holes_are_holes()
    {
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6), Soon));
        _refused.Add(Batch(5), ErrorCode.NotEnoughReplicas, Start);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(3), Soon));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6, epoch: 1), Soon));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6, producer: 2), Soon));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6), Later));
    }

    [Fact]
    public void The_first_that_was_refused_counts_until_it_was_taken()
    {
        _refused.Add(Batch(5), ErrorCode.NotEnoughReplicas, Start);
        _refused.Add(Batch(6), ErrorCode.KafkaStorageError, Start);
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6), Soon));
        _refused.Taken(Batch(4));
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6), Soon));
        _refused.Add(Batch(4), ErrorCode.NotLeaderOrFollower, Soon);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, ForHole(Batch(5), Soon));
        _refused.Taken(Batch(4, records: 2));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(7), Soon));
    }

    [Fact]
    public void A_later_epoch_takes_the_place_of_an_earlier_one()
    {
        _refused.Add(Batch(5), ErrorCode.NotEnoughReplicas, Start);
        _refused.Add(Batch(0, epoch: 1), ErrorCode.KafkaStorageError, Start);
        _refused.Add(Batch(5), ErrorCode.NotEnoughReplicas, Start);
        Assert.Equal(ErrorCode.KafkaStorageError, ForHole(Batch(1, epoch: 1), Soon));
    }

    [Fact]
    public void After_the_last_sequence_comes_the_first()
    {
        _refused.Add(Batch(int.MaxValue), ErrorCode.NotEnoughReplicas, Start);
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(0), Soon));
        _refused.Taken(Batch(int.MaxValue));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(1), Soon));
    }

    [Fact]
    public void Memory_is_bounded()
    {
        for (var id = 0; id < 5000; id++) _refused.Add(Batch(5, producer: id), ErrorCode.NotEnoughReplicas, Start);
        var known = Enumerable.Range(0, 5000)
            .Count(id => ForHole(Batch(6, producer: id), Soon) == ErrorCode.NotEnoughReplicas);
        Assert.InRange(known, 1, 1000);
    }

    [Fact]
    public void A_new_leader_sends_a_hole_back_once()
    {
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6), Start, isNewLeader: true));
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(8), Start, isNewLeader: true));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6), Soon, isNewLeader: true));
        // Something before it has come, but not all.
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(5), Soon, isNewLeader: true));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(5), Soon, isNewLeader: true));
        _refused.Taken(Batch(4));
        _refused.Taken(Batch(5));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(7), Soon));
    }

    [Fact]
    public void A_new_leader_sends_back_each_producer_and_epoch_once()
    {
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6), Start, isNewLeader: true));
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6, producer: 2), Start, isNewLeader: true));
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6, epoch: 1), Start, isNewLeader: true));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6, epoch: 1), Start, isNewLeader: true));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6, producer: 2), Start, isNewLeader: true));
    }

    [Fact]
    public void A_new_leader_sends_nobody_back_whom_it_cannot_remember()
    {
        for (var id = 0; id < 1000; id++)
            Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6, producer: id), Start, isNewLeader: true));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6, producer: 1000), Soon, isNewLeader: true));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, ForHole(Batch(6, producer: 0), Soon, isNewLeader: true));
        Assert.Equal(ErrorCode.NotEnoughReplicas, ForHole(Batch(6, producer: 1000), Later, isNewLeader: true));
    }

    private ErrorCode ForHole(in RecordBatchHeader batch, TimeSpan now, bool isNewLeader = false) =>
        _refused.ForHoleBefore(batch, isNewLeader, now);

    private static RecordBatchHeader Batch(int sequence, long producer = 1, short epoch = 0, int records = 1) => new()
    {
        ProducerId = producer,
        ProducerEpoch = epoch,
        BaseSequence = sequence,
        LastOffsetDelta = records - 1,
    };
}
