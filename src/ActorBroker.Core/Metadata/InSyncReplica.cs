using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>A replica that a leader wants in its ISR.</summary>
/// <param name="BrokerEpoch">The registration that the leader heard it with (KIP-903): a broker that has started again since may
/// have lost what it had. -1: not known, and not checked.</param>
public readonly record struct InSyncReplica(BrokerId Broker, long BrokerEpoch);
