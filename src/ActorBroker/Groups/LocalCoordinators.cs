using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace ActorBroker.Groups;

/// <summary>The coordinators on this broker by their partition of <c>__consumer_offsets</c>, to be found from any thread.
/// One stays for as long as the broker runs; whether it coordinates, it says itself when it is asked.</summary>
internal sealed class LocalCoordinators
{
    private readonly ConcurrentDictionary<int, IActorRef> _byPartition = new();

    public ICollection<IActorRef> All => _byPartition.Values;

    public bool TryFind(int partition, [NotNullWhen(true)] out IActorRef? coordinator) =>
        _byPartition.TryGetValue(partition, out coordinator);

    public void Add(int partition, IActorRef coordinator) => _byPartition[partition] = coordinator;
}
