using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>
/// When nodes that should be one cluster have formed two (say, each lists itself as the first seed node), both have a controller,
/// and both find the same voters: neither can harm the journal, but each deposes the other again and again. One has to give in.
/// </summary>
public static class TwoClusters
{
    /// <summary>
    /// The side with fewer voters stops; of equal halves the one without the lowest id. Where there are more than two sides, one
    /// after the other stops until nobody is deposed any more.
    /// </summary>
    /// <param name="own">Brokers of this side.</param>
    /// <param name="winner">Who deposed this side's proposer.</param>
    public static bool MustStop(IReadOnlyCollection<BrokerId> voters, IReadOnlySet<BrokerId> own, BrokerId winner)
    {
        if (own.Contains(winner)) return false;
        var mine = voters.Count(own.Contains);
        var others = voters.Count - mine;
        return mine < others || (mine == others && !own.Contains(voters.Min()));
    }
}
