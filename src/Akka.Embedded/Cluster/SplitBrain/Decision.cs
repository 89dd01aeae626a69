namespace Akka.Cluster.SBR;

/// <summary>What a strategy says of a split, as this side sees it.</summary>
internal enum Decision
{
    /// <summary>This side goes on.</summary>
    DownUnreachable,

    /// <summary>The other side goes on.</summary>
    DownReachable,

    /// <summary>Neither can be sure.</summary>
    DownAll,

    /// <summary>Some don't reach each other, but are reached by others: those go, and then it is decided again.</summary>
    DownIndirectlyConnected,

    /// <summary>Another system has quarantined this one: the two can't be in one cluster any more.</summary>
    DownSelf,
}
