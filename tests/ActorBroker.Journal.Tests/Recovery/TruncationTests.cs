using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using static ActorBroker.Journal.Tests.Support.Seeds;

namespace ActorBroker.Journal.Tests.Recovery;

public sealed class TruncationTests
{
    private static readonly LogConfig Small = new() { SegmentBytes = 700, IndexIntervalBytes = 150 };

    private readonly TestDisk _disk = new();

    [Fact]
    public void Appending_truncating_and_reopening_in_any_order_is_a_list_of_batches() => ForAnySeed(seed =>
    {
        var random = new Random(seed);
        var disk = new TestDisk();
        var log = disk.Open(Small);
        var model = new List<byte[]>();
        var epoch = 0;
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(8))
            {
                case 0:
                    var target = random.NextInt64(log.LogEndOffset.Value + 2);
                    log.TruncateTo(new(target), TestBatch.Time);
                    model.RemoveAll(batch => TestBatch.Header(batch).LastOffset.Value >= target);
                    break;
                case 1:
                    var clean = random.Next(2) == 0;
                    log.Close(clean);
                    log = disk.Open(Small, LogStart.Unknown with { IsClean = clean, RecoveryPoint = log.RecoveryPoint });
                    break;
                case 2:
                    log.Flush();
                    break;
                case 3:
                    epoch++;
                    break;
                default:
                    var batch = TestBatch.Of(1 + random.Next(3), valueBytes: random.Next(60));
                    log.Append(batch, epoch);
                    model.Add(batch);
                    break;
            }
            Assert.Equal(model.Count == 0 ? 0 : TestBatch.Header(model[^1]).NextOffset.Value, log.LogEndOffset.Value);
        }
        Assert.Equal(model, log.ReadAll());
        var epochs = new List<(int, long)>();
        foreach (var header in model.Select(batch => TestBatch.Header(batch)))
            if (epochs.Count == 0 || epochs[^1].Item1 < header.LeaderEpoch.Value)
                epochs.Add((header.LeaderEpoch.Value, header.BaseOffset.Value));
        Assert.Equal(epochs, log.Epochs.Entries.Select(entry => (entry.Epoch.Value, entry.StartOffset.Value)));
    });

    [Fact]
    public void Producers_are_again_as_they_were_at_the_cut()
    {
        using var log = _disk.Open(Small);
        for (var i = 0; i < 30; i++) log.Append(TestBatch.Idempotent(7, 0, i));
        log.TruncateTo(new(12), TestBatch.Time);
        Assert.True(log.Producers.Check(TestBatch.Header(TestBatch.Idempotent(7, 0, 12))).MayAppend);
        Assert.True(log.Producers.Check(TestBatch.Header(TestBatch.Idempotent(7, 0, 11))).IsDuplicate);
    }

    [Fact]
    public void A_truncated_log_does_not_get_back_what_was_cut_when_the_power_fails()
    {
        var log = _disk.Open(Small);
        log.AppendMany(40);
        log.Flush();
        log.TruncateTo(new(10), TestBatch.Time);
        var recoveryPoint = log.RecoveryPoint;
        Assert.Equal(10, recoveryPoint.Value);
        log.Append(TestBatch.Of(1, valueBytes: 99), epoch: 1);
        log.Flush();
        _disk.Files.CutPower();
        using var again = _disk.Open(Small, LogStart.Unknown with { RecoveryPoint = recoveryPoint });
        Assert.Equal(11, again.LogEndOffset.Value);
    }

    [Fact]
    public void A_log_that_is_reset_starts_empty_at_the_leaders_offset()
    {
        using var log = _disk.Open(Small);
        log.AppendMany(40);
        log.ResetTo(new(1000), TestBatch.Time);
        Assert.Equal(1000, log.LogStartOffset.Value);
        Assert.Equal(1000, log.LogEndOffset.Value);
        Assert.Empty(log.Epochs.Entries);
        Assert.Equal(["00000000000000001000.log"], _disk.Names());
        log.ResetTo(new(1000), TestBatch.Time);
        log.ResetTo(new(0), TestBatch.Time);
        Assert.Equal(0, log.Append(TestBatch.Of(1)).BaseOffset.Value);
        Assert.Single(log.ReadAll());
    }

    [Fact]
    public void The_leaders_batches_are_taken_as_they_are_or_not_at_all()
    {
        var leaderDisk = new TestDisk();
        using var leader = leaderDisk.Open();
        for (var i = 0; i < 10; i++) leader.Append(TestBatch.Of(2), epoch: i / 5);
        using var follower = _disk.Open(Small);
        using var range = leader.Read(0);
        var batches = range.ToArray();

        Assert.False(follower.TryStageFromLeader(batches.AsMemory(0, batches.Length - 1), TestBatch.Time));
        Assert.False(follower.TryStageFromLeader(Flipped(batches, batches.Length - 1), TestBatch.Time));
        Assert.Equal(0, follower.StagedCount);
        Assert.True(follower.TryStageFromLeader(batches, TestBatch.Time));
        follower.WriteStaged(TestBatch.Time);
        Assert.Equal(leader.ReadAll(), follower.ReadAll());
        Assert.Equal(leader.Epochs.Entries.AsEnumerable(), follower.Epochs.Entries);
        Assert.False(follower.TryStageFromLeader(batches, TestBatch.Time));

        static byte[] Flipped(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];
    }

    [Fact]
    public void A_leader_that_is_none_any_more_may_not_append()
    {
        using var log = _disk.Open();
        log.Append(TestBatch.Of(1), epoch: 5);
        Assert.Throws<ArgumentException>(() => log.Append(TestBatch.Of(1), epoch: 4));
        Assert.Equal(1, log.StagedEndOffset.Value);
    }
}
