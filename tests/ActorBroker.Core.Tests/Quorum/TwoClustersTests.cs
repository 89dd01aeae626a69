using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Quorum;

public sealed class TwoClustersTests
{
    [Theory]
    [InlineData(new[] { 1 }, new[] { 2, 3 }, true)]
    [InlineData(new[] { 1, 2 }, new[] { 3 }, false)]
    [InlineData(new[] { 1 }, new[] { 2 }, false)]
    [InlineData(new int[0], new[] { 2 }, true)]
    public void One_of_them_stops(int[] mine, int[] theirs, bool stops)
    {
        BrokerId[] Ids(int[] ids) => [.. ids.Select(id => new BrokerId(id))];
        Assert.Equal(stops, TwoClusters.MustStop(Ids(mine), Ids(theirs)));
        if (mine.Length > 0) Assert.Equal(!stops, TwoClusters.MustStop(Ids(theirs), Ids(mine)));
    }
}
