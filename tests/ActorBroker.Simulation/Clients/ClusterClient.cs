using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Clients;

/// <summary>What all clients of one process know of the cluster: leaders, the newest epoch that they heard of.</summary>
internal sealed class ClusterClient(SimulatedNode node, IReadOnlyList<string> hosts)
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private const int Port = 9092;
    private const short MetadataVersion = 12;

    private readonly Dictionary<TopicPartition, (BrokerId Broker, Epoch Epoch)> _leaders = [];
    private readonly Dictionary<TopicPartition, Epoch> _newest = [];
    private readonly Dictionary<BrokerId, (string Host, int Port)> _brokers = [];

    public SimulatedNode Node => node;

    /// <summary>The leader as far as it is known: nobody while it is known only that there is a newer one.</summary>
    public bool TryLeader(TopicPartition partition, out BrokerId leader, out Epoch epoch)
    {
        (leader, epoch) = _leaders.GetValueOrDefault(partition, (BrokerId.None, Epoch.None));
        return !leader.IsNone && _brokers.ContainsKey(leader) && epoch >= _newest.GetValueOrDefault(partition, Epoch.None);
    }

    /// <summary>Somebody has led in that epoch, as a committed offset says: leaders of earlier ones need not have what is before
    /// it (KIP-320).</summary>
    public void Heard(TopicPartition partition, Epoch epoch)
    {
        if (epoch > _newest.GetValueOrDefault(partition, Epoch.None)) _newest[partition] = epoch;
    }

    /// <summary>How many partitions a topic has, as far as it is known: they never get fewer.</summary>
    public int PartitionsOf(string topic) => _leaders.Keys.Count(p => p.Topic == topic);

    /// <summary>For the world's trace.</summary>
    public void Say(FormattableString what) => node.World.Trace?.Invoke(
        string.Create(CultureInfo.InvariantCulture, $"{node.World.Now.TotalSeconds,12:F6} {node.Name} ") + FormattableString.Invariant(what));

    /// <summary>Waits for a random time around the one that is given.</summary>
    public Task PauseAsync(double seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds * (0.5 + node.Random.NextDouble())), node.Time);

    public Task<Link> ConnectAsync(BrokerId broker) => _brokers.TryGetValue(broker, out var at)
        ? Link.ConnectAsync(node, at.Host, at.Port, Timeout)
        : Task.FromException<Link>(new IOException($"Nobody knows where broker {broker} is."));

    /// <summary>A connection to any broker.</summary>
    public Task<Link> ConnectAnyAsync() => Link.ConnectAsync(node, hosts[node.Random.Next(hosts.Count)], Port, Timeout);

    /// <summary>Asks one broker for the metadata; whether it answered or not, time has passed.</summary>
    public async Task RefreshAsync(string topic)
    {
        await PauseAsync(0.2);
        try
        {
            using var link = await ConnectAnyAsync();
            await MetadataAsync(link, [new(topic)]);
        }
        catch (IOException)
        {
            // Another one is asked the next time.
        }
    }

    /// <param name="link">To the broker that is asked.</param>
    /// <param name="topics">Null: all.</param>
    public async Task<MetadataResponse> MetadataAsync(Link link, MetadataRequest.Topic[]? topics)
    {
        var answer = await link.AskAsync(
            new MetadataRequest { Topics = topics, AllowAutoTopicCreation = false }, MetadataVersion, Timeout);
        foreach (var broker in answer.Brokers) _brokers[broker.NodeId] = (broker.Host, broker.Port);
        foreach (var found in answer.Topics)
            foreach (var partition in found.Partitions) Learn(new(found.Name!, partition.Index), partition);
        return answer;
    }

    /// <summary>What an older epoch says is no news.</summary>
    private void Learn(TopicPartition partition, in MetadataResponse.Partition told)
    {
        if (_leaders.TryGetValue(partition, out var known) && known.Epoch > told.LeaderEpoch) return;
        _leaders[partition] = (told.LeaderId, told.LeaderEpoch);
    }
}
