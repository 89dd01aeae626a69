using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;

namespace ActorBroker.Kafka.Produce;

/// <summary>
/// Gives out producer ids from blocks that the controller allocates durably: an id is never given twice, at worst left out.
/// </summary>
internal sealed class ProducerIds(IController controller, BrokerId broker)
{
    /// <summary>Kafka's size of a block.</summary>
    private const int BlockSize = 1000;

    private static readonly TimeSpan AllocationTimeout = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private Task _allocation = Task.CompletedTask;
    private long _next;
    private long _end;

    /// <exception cref="TimeoutException">The controller does not answer.</exception>
    public async ValueTask<long> NextAsync()
    {
        while (true)
        {
            Task allocation;
            lock (_gate)
            {
                if (_next < _end) return _next++;
                if (_allocation.IsCompleted) _allocation = AllocateAsync();
                allocation = _allocation;
            }
            await allocation.ConfigureAwait(false);
        }
    }

    private async Task AllocateAsync()
    {
        var command = new ClusterCommand.AllocateProducerIds(broker, BlockSize);
        var block = await controller.AskAsync<ClusterCommand.AllocateProducerIds.Answer>(command, AllocationTimeout)
            .ConfigureAwait(false);
        lock (_gate) (_next, _end) = (block.First, block.First + block.Count);
    }
}
