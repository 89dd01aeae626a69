namespace ActorBroker.Server.Clients.Producing;

/// <summary>Who an idempotent producer is (KIP-98).</summary>
internal readonly record struct ProducerIdentity(long Id, short Epoch)
{
    public static readonly ProducerIdentity None = new(-1, -1);
}
