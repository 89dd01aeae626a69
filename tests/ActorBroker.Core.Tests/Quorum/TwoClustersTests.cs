using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Quorum;

public sealed class TwoClustersTests
{
    /// <summary>The voters are 1 to <c>voters</c>; broker 9 is none.</summary>
    [Theory]
    [InlineData(3, new[] { 1 }, 2, true)]
    [InlineData(3, new[] { 1, 2 }, 3, false)]
    [InlineData(3, new[] { 3, 9 }, 1, true)]
    [InlineData(3, new[] { 1, 2, 3 }, 2, false)] // A member: the controller has moved, as it should.
    [InlineData(2, new[] { 1 }, 2, false)]
    [InlineData(2, new[] { 2 }, 1, true)]
    [InlineData(1, new[] { 9 }, 1, true)]
    [InlineData(1, new[] { 1 }, 9, false)]
    public void One_side_stops(int voters, int[] own, int winner, bool stops) => Assert.Equal(stops, TwoClusters.MustStop(
        [.. Enumerable.Range(1, voters).Select(id => new BrokerId(id))], own.Select(id => new BrokerId(id)).ToHashSet(), new(winner)));
}
