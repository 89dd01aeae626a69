using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;

namespace ActorBroker.Kafka.Produce;

/// <summary>
/// Gives out producer ids from blocks that the controller allocates durably: an id is never given twice, at worst left out.
/// </summary>
internal sealed class ProducerIds(IController controller, BrokerId broker) : IDisposable
{
    /// <summary>Kafka's size of a block.</summary>
    private const int BlockSize = 1000;

    private static readonly TimeSpan AllocationTimeout = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _one = new(1);
    private long _next;
    private long _end;

    /// <exception cref="TimeoutException">The controller does not answer.</exception>
    public async ValueTask<long> NextAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_next == _end)
            {
                var command = new ClusterCommand.AllocateProducerIds(broker, BlockSize);
                var block = await controller.AskAsync<ClusterCommand.AllocateProducerIds.Answer>(command, AllocationTimeout)
                    .ConfigureAwait(false);
                (_next, _end) = (block.First, block.First + block.Count);
            }
            return _next++;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
