using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Simulation.Clients;

/// <summary>What it asks for.</summary>
internal sealed partial class Administrator
{
    private const short ReassignVersion = 1, ElectVersion = 2, CreateTopicsVersion = 5, DeleteTopicsVersion = 6,
        CreatePartitionsVersion = 3, ConfigsVersion = 1, DeleteRecordsVersion = 2, ProduceVersion = 12;

    private const int TimeoutMs = 5000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private async Task MoveAsync(Link link, TopicPartition partition, BrokerId[]? replicas)
    {
        var answer = await link.AskAsync(
            new AlterPartitionReassignmentsRequest([new(partition.Topic, [new(partition.Partition, replicas)])], TimeoutMs),
            ReassignVersion, Patience);
        var where = replicas is null ? "nowhere else" : string.Join(',', replicas);
        Check($"{partition} to {where}", answer.ErrorCode, answer.ErrorMessage);
        foreach (var result in answer.Topics.SelectMany(t => t.Partitions))
            Check($"{partition} to {where}", result.ErrorCode, result.ErrorMessage);
    }

    private async Task ElectAsync(Link link)
    {
        var partition = Any();
        ElectLeadersRequest.Topic[]? which = Random.Next(2) == 0 ? null : [new(partition.Topic, [partition.Partition])];
        var answer = await link.AskAsync(
            new ElectLeadersRequest(ElectLeadersRequest.Preferred, which, TimeoutMs), ElectVersion, Patience);
        Check("an election", answer.ErrorCode);
        foreach (var result in answer.Topics.SelectMany(t => t.Partitions))
            Check("an election", result.ErrorCode, result.ErrorMessage);
    }

    private async Task AddPartitionAsync(Link link)
    {
        await cluster.RefreshAsync(topic);
        var index = cluster.PartitionsOf(topic);
        if (index is 0 or >= MaxPartitions) return;
        CreatePartitionsRequest.Assignment[]? assignments = Random.Next(2) == 0 ? null : [new(Replicas())];
        var answer = await link.AskAsync(
            new CreatePartitionsRequest([new(topic, index + 1, assignments)], TimeoutMs), CreatePartitionsVersion, Patience);
        Check("another partition", answer.Results[0].ErrorCode, answer.Results[0].ErrorMessage);
        if (answer.Results[0].ErrorCode == ErrorCode.None) view.MadePartition(new(topic, index));
    }

    private async Task ConfigureAsync(Link link)
    {
        var (name, value) = Random.Next(4) switch
        {
            0 => ("segment.bytes", Random.Next(2) == 0 ? "2048" : "16384"),
            1 => ("compression.type", Random.Next(2) == 0 ? "gzip" : "producer"),
            2 => ("flush.messages", view.MustFlush || Random.Next(2) == 0 ? "1" : "5"),
            _ => ("segment.bytes", null),
        };
        var operation = value is null ? ConfigOperation.Delete : ConfigOperation.Set;
        var answer = await link.AskAsync(
            new IncrementalAlterConfigsRequest([new(ConfigResourceType.Topic, topic, [new(name, operation, value)])]),
            ConfigsVersion, Patience);
        Check($"{name}={value}", answer.Responses[0].ErrorCode, answer.Responses[0].ErrorMessage);
    }

    private async Task CreateAsync(Link link, string name, bool isUsed)
    {
        // What only one replica has, a broker that loses power may lose.
        var least = isUsed ? 2 : 1;
        var made = new CreateTopicsRequest.Topic
        {
            Name = name,
            NumPartitions = 1 + Random.Next(2),
            ReplicationFactor = (short)(least + Random.Next(brokers + 1 - least)),
        };
        var answer = await link.AskAsync(new CreateTopicsRequest([made], TimeoutMs), CreateTopicsVersion, Patience);
        Check($"topic {name}", answer.Topics[0].ErrorCode, answer.Topics[0].ErrorMessage);
        if (isUsed) await WriteAsync(new(name, 0));
    }

    private async Task DeleteTopicAsync(Link link, string name)
    {
        var answer = await link.AskAsync(new DeleteTopicsRequest([new(name)], TimeoutMs), DeleteTopicsVersion, Patience);
        Check($"no topic {name}", answer.Responses[0].ErrorCode, answer.Responses[0].ErrorMessage);
    }

    /// <summary>Something that is in its log.</summary>
    private async Task WriteAsync(TopicPartition partition)
    {
        await cluster.RefreshAsync(partition.Topic);
        if (!cluster.TryLeader(partition, out var leader, out _)) return;
        using var link = await cluster.ConnectAsync(leader);
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        var attempt = recorder.Sending(partition.Topic, partition.Topic, isIdempotent: false);
        var text = Encoding.UTF8.GetBytes(partition.Topic);
        builder.Append(cluster.Node.Time.GetUtcNow().ToUnixTimeMilliseconds(), text, text);
        var answer = await link.AskAsync(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = TimeoutMs,
                TopicData = [new(partition.Topic, default, [new(partition.Partition, builder.Build())])],
            },
            ProduceVersion, Patience);
        var part = answer.Responses[0].PartitionResponses[0];
        Check($"a record for {partition}", part.ErrorCode);
        if (part.ErrorCode == ErrorCode.None) recorder.Acknowledged(attempt, partition, part.BaseOffset);
    }

    private async Task DeleteRecordsAsync(TopicPartition partition)
    {
        var before = view.MayDelete(partition);
        if (before <= Offset.Zero || !cluster.TryLeader(partition, out var leader, out _)) return;
        recorder.Deleting(partition, before);
        using var link = await cluster.ConnectAsync(leader);
        var answer = await link.AskAsync(
            new DeleteRecordsRequest([new(partition.Topic, [new(partition.Partition, before)])], TimeoutMs),
            DeleteRecordsVersion, Patience);
        Check($"no records of {partition} before {before}", answer.Topics[0].Partitions[0].ErrorCode);
    }
}
