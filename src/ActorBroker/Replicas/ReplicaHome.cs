using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Replicas;

/// <summary>What all replicas of a broker share.</summary>
internal sealed record ReplicaHome(
    BrokerId Broker, LocalReplicas Replicas, ILogHome Logs, FlushGroup Flushes, TimeProvider Time, ILogger Log);
