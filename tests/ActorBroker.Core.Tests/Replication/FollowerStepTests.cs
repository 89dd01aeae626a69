using ActorBroker.Core.Replication;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Replication;

public sealed class FollowerStepTests
{
    [Theory]
    [InlineData(4, 20, 4, 30, 20)] // The same epoch: where it ends first.
    [InlineData(4, 40, 4, 25, 25)]
    [InlineData(4, 99, 4, 99, 50)]
    [InlineData(4, 20, 3, 15, 15)] // The leader's epoch is unknown here: asked again, about the one before.
    [InlineData(-1, -1, 3, 15, 12)] // The leader knows nothing.
    [InlineData(4, 20, -1, -1, 5)] // Nothing is known here.
    public void A_diverged_log_is_cut_by_epochs(int leaderEpoch, long leaderEnd, int ownEpoch, long ownEnd, long expected) =>
        Assert.Equal(
            new FollowerStep(FollowerStepKind.Truncate, new(expected)),
            FollowerStep.Diverged(new(leaderEpoch), new(leaderEnd), new(ownEpoch), new(ownEnd), new(5), new(50), new(12)));

    [Theory]
    [InlineData(0, 30, FollowerStepKind.Truncate, 30)]
    [InlineData(60, 90, FollowerStepKind.Restart, 60)]
    [InlineData(0, 90, FollowerStepKind.Retry, -1)]
    public void A_log_that_the_leader_does_not_reach_is_cut_or_begun_anew(
        long leaderStart, long leaderEnd, FollowerStepKind kind, long expected) =>
        Assert.Equal(new FollowerStep(kind, new(expected)), FollowerStep.OutOfRange(new(leaderStart), new(leaderEnd), new(50)));

    [Theory]
    [InlineData(3, 10, 3, 10, false)]
    [InlineData(3, 10, 3, 12, false)]
    [InlineData(3, 10, 3, 9, true)]
    [InlineData(3, 10, 2, 12, true)]
    [InlineData(-1, 0, -1, -1, false)]
    public void A_leader_sees_where_a_follower_parts(int lastFetched, long from, int foundEpoch, long foundEnd, bool expected) =>
        Assert.Equal(expected, FollowerStep.Diverges(new(lastFetched), new(from), new(foundEpoch), new(foundEnd)));

    [Theory]
    [InlineData(ErrorCode.None, FollowerStepKind.Copy)]
    [InlineData(ErrorCode.OffsetOutOfRange, FollowerStepKind.FindRange)]
    [InlineData(ErrorCode.FencedLeaderEpoch, FollowerStepKind.AwaitMetadata)]
    [InlineData(ErrorCode.NotLeaderOrFollower, FollowerStepKind.AwaitMetadata)]
    [InlineData(ErrorCode.UnknownLeaderEpoch, FollowerStepKind.Retry)]
    [InlineData(ErrorCode.KafkaStorageError, FollowerStepKind.Retry)]
    public void Every_error_has_its_step(ErrorCode error, FollowerStepKind expected) =>
        Assert.Equal(expected, FollowerStep.For(error).Kind);
}
