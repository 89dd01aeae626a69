using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Produce;

/// <summary>Starts Produce requests, which unlike all others are pipelined on a connection.</summary>
internal interface IProduceHandler
{
    /// <summary>
    /// Tells the partitions' replicas and returns without waiting for them; ends with <see cref="PendingProduce.AllTold"/>.
    /// </summary>
    /// <param name="request">Has begun, with its frame.</param>
    /// <param name="body">Stands at the request's body.</param>
    /// <exception cref="WireException">The bytes are no Produce request; nothing was told.</exception>
    void Start(PendingProduce request, WireReader body);
}
