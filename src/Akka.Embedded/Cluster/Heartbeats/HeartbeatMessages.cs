using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Are you there?</summary>
/// <param name="From">Who asks.</param>
/// <param name="Sequence">Counts those to all.</param>
/// <param name="CreatedMs">By the asker's clock.</param>
internal sealed record Heartbeat(Address From, long Sequence, long CreatedMs) : IClusterMessage, IPriorityMessage,
    Event.IDeadLetterSuppression;

/// <summary>Answer to <see cref="Heartbeat"/>, with its numbers.</summary>
internal sealed record HeartbeatRsp(UniqueAddress From, long Sequence, long CreatedMs) : IClusterMessage, IPriorityMessage,
    Event.IDeadLetterSuppression;
