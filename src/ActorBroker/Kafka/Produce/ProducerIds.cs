using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;
using ActorBroker.Threads;

namespace ActorBroker.Kafka.Produce;

/// <summary>
/// Gives out producer ids from blocks that the controller allocates durably: an id is never given twice, at worst left out.
/// </summary>
internal sealed class ProducerIds(IController controller, BrokerId broker, WorkPool? pool = null)
{
    /// <summary>Kafka's size of a block.</summary>
    private const int BlockSize = 1000;

    private static readonly TimeSpan AllocationTimeout = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Queue<Promise<long>> _waiting = new();
    private bool _isAllocating;
    private long _next;
    private long _end;

    /// <exception cref="TimeoutException">By the task: the controller does not answer.</exception>
    public ValueTask<long> NextAsync()
    {
        var waiter = new Promise<long>(pool);
        lock (_gate)
        {
            if (_next < _end) return new(_next++);
            _waiting.Enqueue(waiter);
            if (_isAllocating) return new(waiter.Task);
            _isAllocating = true;
        }
        _ = AllocateAsync();
        return new(waiter.Task);
    }

    /// <summary>Until nobody waits. Never throws: who waits hears of it.</summary>
    private async Task AllocateAsync()
    {
        var command = new ClusterCommand.AllocateProducerIds(broker, BlockSize);
        while (true)
        {
            try
            {
                var block = await controller.AskAsync<ClusterCommand.AllocateProducerIds.Answer>(command, AllocationTimeout)
                    .ConfigureAwait(false);
                lock (_gate)
                {
                    (_next, _end) = (block.First, block.First + block.Count);
                    while (_next < _end && _waiting.TryDequeue(out var waiter)) waiter.Set(_next++);
                    _isAllocating = _waiting.Count > 0;
                    if (!_isAllocating) return;
                }
            }
            catch (Exception e) // Of any kind: nobody awaits this task, so whoever waits for an id is told.
            {
                lock (_gate)
                {
                    while (_waiting.TryDequeue(out var waiter)) waiter.Fail(e);
                    _isAllocating = false;
                    return;
                }
            }
        }
    }
}
