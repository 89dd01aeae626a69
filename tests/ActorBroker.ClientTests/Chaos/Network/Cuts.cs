namespace ActorBroker.ClientTests.Chaos.Network;

/// <summary>Which brokers cannot be heard by which. What is sent meanwhile waits, as it does in TCP until it is sent again.</summary>
internal sealed class Cuts
{
    private readonly Lock _gate = new();
    private HashSet<(int From, int To)> _cut = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on nothing goes these ways.</summary>
    public void Set(IEnumerable<(int From, int To)> ways)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _cut = [.. ways];
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }

    public void Heal() => Set([]);

    /// <summary>Returns when the way is open.</summary>
    public async ValueTask OpenAsync(int from, int to, CancellationToken closed)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (!_cut.Contains((from, to))) return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(closed);
        }
    }
}
