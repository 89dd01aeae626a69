using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Simulation.Brokers;
using ActorBroker.Simulation.Clients;

namespace ActorBroker.Simulation;

/// <summary>What clients do.</summary>
internal sealed partial class ClusterRun
{
    private const short CreateVersion = 5;

    private void StartClients()
    {
        for (var i = 0; i < ClientHosts.Length; i++)
        {
            var number = i;
            World.StartProcess(ClientHosts[i], node => _ = RunAsync(new ClusterClient(node, Hosts), number));
        }
    }

    /// <summary>Each process has a producer for each partition; the first makes the topic, the second consumes.</summary>
    private async Task RunAsync(ClusterClient client, int number)
    {
        try
        {
            if (number == 0) await MakeTopicAsync(client);
            for (var i = number; i < _features.Members; i += ClientHosts.Length) StartMember(client, i);
            var partitions = Enumerable.Range(0, Partitions).Select(i => new TopicPartition(Topic, i)).ToArray();
            foreach (var partition in partitions) StartProducer(client, number, partition);
            if (number == 0 && _features.Administrator) StartAdministrator(client);
            if (number == 0) return;
            foreach (var partition in partitions)
            {
                StartConsumer(client, Group, partition, rack: null);
                if (_features.Racks) StartConsumer(client, RackGroup, partition, SimulatedOptions.RackOf(2));
            }
            var committed = _consumers.Where(c => c.Group == Group).Select(c => (c.Partition, c.Consumer));
            Watch(new Committer(client, _recorder, Group, [.. committed]).RunAsync());
        }
        catch (Exception e)
        {
            _recorder.Violations.Add($"a client failed: {e}");
        }
    }

    private void StartConsumer(ClusterClient client, string group, TopicPartition partition, string? rack)
    {
        var consumer = new Consumer(client, _recorder, group, partition, rack: rack);
        _consumers.Add((group, partition, consumer));
        Watch(consumer.RunAsync());
    }

    private void StartProducer(ClusterClient client, int number, TopicPartition partition)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{number}{partition.Partition}");
        var producer = new Producer(client, _recorder, name, partition);
        _producers.Add(producer);
        Watch(producer.RunAsync());
    }

    private void StartAdministrator(ClusterClient client)
    {
        var view = new AdministratorView(ConsumedByAll, partition => StartProducer(client, 0, partition), _features.Flushes);
        _administrator = new Administrator(client, _recorder, view, Topic, BrokerCount);
        Watch(_administrator.RunAsync());
    }

    /// <summary>All that want a partition's records have those below; zero where there is nobody.</summary>
    private Offset ConsumedByAll(TopicPartition partition)
    {
        var positions = _consumers.Where(c => c.Partition == partition).Select(c => c.Consumer.Position).ToList();
        if (_features.Members > 0) positions.Add(_recorder.Committed(MembersGroup, partition));
        return positions.Count == 0 ? Offset.Zero : positions.Aggregate(Offset.Min);
    }

    /// <summary>The second has a name that outlives it (KIP-345).</summary>
    private void StartMember(ClusterClient client, int number) =>
        Watch(new GroupMember(client, _recorder, MembersGroup, Topic, number == 1 ? "static" : null, Watch).RunAsync());

    private void Watch(Task task) => task.ContinueWith(
        failed => _recorder.Violations.Add($"a client failed: {failed.Exception!.GetBaseException()}"), CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async Task MakeTopicAsync(ClusterClient client)
    {
        var topic = new CreateTopicsRequest.Topic
        {
            Name = Topic,
            NumPartitions = Partitions,
            ReplicationFactor = BrokerCount,
            Configs = [new("retention.ms", "-1"), new("message.timestamp.after.max.ms", "9223372036854775807")],
        };
        while (true)
        {
            try
            {
                using var link = await client.ConnectAnyAsync();
                var answer = await link.AskAsync(new CreateTopicsRequest([topic], 5000), CreateVersion, TimeSpan.FromSeconds(10));
                if (answer.Topics[0].ErrorCode is ErrorCode.None or ErrorCode.TopicAlreadyExists) return;
            }
            catch (IOException)
            {
                // The cluster is not there yet.
            }
            await client.PauseAsync(0.5);
        }
    }
}
