using System.Diagnostics;
using System.Net;
using ActorBroker.Checker;
using ActorBroker.Protocol;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>Asks every broker again and again who leads, and those that lead for their high watermarks.</summary>
internal sealed class Observer : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);
    private readonly string _topic;
    private readonly CancellationTokenSource _ended = new();
    private readonly HashSet<LeaderSeen> _leaders = [];
    private readonly List<EndSeen> _ends = [];
    private readonly Task _watching;

    public Observer(string topic, IReadOnlyDictionary<int, IPEndPoint> brokers)
    {
        _topic = topic;
        _watching = Task.WhenAll(brokers.Select(broker => WatchAsync(new(broker.Key), broker.Value)));
    }

    public IReadOnlyCollection<LeaderSeen> Leaders
    {
        get { lock (_leaders) return [.. _leaders]; }
    }

    public IReadOnlyCollection<EndSeen> Ends
    {
        get { lock (_ends) return [.. _ends]; }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested) return;
        await _ended.CancelAsync();
        await _watching;
    }

    private async Task WatchAsync(BrokerId id, IPEndPoint address)
    {
        using var probe = new BrokerProbe(address);
        using var timer = new PeriodicTimer(_interval);
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                var led = await LookForLeadersAsync(id, probe);
                if (led.Count > 0) await LookForEndsAsync(probe, led);
                await timer.WaitForNextTickAsync(_ended.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                await Task.WhenAny(Task.Delay(_interval, CancellationToken.None)); // It is away; that is what this test is about.
            }
        }
    }

    private async Task<List<int>> LookForLeadersAsync(BrokerId id, BrokerProbe probe)
    {
        var seen = (await probe.DescribeAsync()).Where(p => p.Topic == _topic).ToList();
        lock (_leaders)
        {
            foreach (var p in seen.Where(p => !p.Leader.IsNone)) _leaders.Add(new(new(p.Topic, p.Partition), p.Epoch, p.Leader));
        }
        return [.. seen.Where(p => p.Leader == id).Select(p => p.Partition)];
    }

    private async Task LookForEndsAsync(BrokerProbe probe, List<int> led)
    {
        var started = Stopwatch.GetTimestamp();
        var ends = await probe.EndsAsync(_topic, led);
        var ended = Stopwatch.GetTimestamp();
        lock (_ends) _ends.AddRange(ends.Select(e => new EndSeen(e.Partition, e.End, e.Epoch, started, ended)));
    }
}
