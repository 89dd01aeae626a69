using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>
/// When nodes that should be one cluster have formed two (say, each lists itself as the first seed node), one at most has a
/// majority of the voters and serves. The others have to give in, or they would wait for ever.
/// </summary>
public static class TwoClusters
{
    /// <summary>The one with fewer voters stops; with as many, the one without the lowest id.</summary>
    /// <param name="mine">Voters of the cluster in question.</param>
    /// <param name="theirs">Voters of the other one, which has some.</param>
    public static bool MustStop(IReadOnlyCollection<BrokerId> mine, IReadOnlyCollection<BrokerId> theirs) =>
        mine.Count < theirs.Count || (mine.Count == theirs.Count && mine.Count > 0 && mine.Min() > theirs.Min());
}
