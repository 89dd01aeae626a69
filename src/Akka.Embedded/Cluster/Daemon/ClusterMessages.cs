using System.Collections.Immutable;
using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>What nodes of a cluster say to each other.</summary>
internal interface IClusterMessage;

/// <summary>Is there a cluster that I could join?</summary>
internal sealed record InitJoin(Address From) : IClusterMessage;

/// <summary>There is: send your <see cref="Join"/>.</summary>
internal sealed record InitJoinAck(Address From) : IClusterMessage;

/// <summary>Not here, or not now.</summary>
internal sealed record InitJoinNack(Address From) : IClusterMessage;

/// <summary>Let me in.</summary>
internal sealed record Join(UniqueAddress Node, ImmutableHashSet<string> Roles, AppVersion AppVersion) : IClusterMessage;

/// <summary>You are in: this is the state.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : IClusterMessage;

/// <summary>The state as I know it.</summary>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress To, Gossip Gossip) : IClusterMessage;

/// <summary>Which state I know. Who knows a later one sends it, who knows an earlier one says so by its own status.</summary>
internal sealed record GossipStatus(UniqueAddress From, VectorClock Version) : IClusterMessage;

/// <summary>I am Exiting, have finished, and stop now: don't wait for me.</summary>
internal sealed record ExitingConfirmed(UniqueAddress From) : IClusterMessage;
