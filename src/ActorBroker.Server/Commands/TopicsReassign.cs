using System.CommandLine;
using System.Globalization;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics reassign</c>: what kafka-reassign-partitions does.</summary>
internal static class TopicsReassign
{
    private static readonly string[] Columns = ["TOPIC", "PARTITION", "REPLICAS", "ADDING", "REMOVING"];

    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string?>("--topic") { Description = "The topic's name" };
        var partition = new Option<int?>("--partition") { Description = "One partition of the topic; all if none is given" };
        var assignment = new Option<string?>("--replica-assignment")
        {
            Description = "Brokers of each partition, the preferred leader first, as 1:2,2:3 for two partitions",
        };
        var cancel = new Option<bool>("--cancel") { Description = "Call off the moves that are under way" };
        var list = new Option<bool>("--list") { Description = "Show the moves that are under way, of all topics" };
        var throttle = new Option<long?>("--throttle")
        {
            Description = "Bytes a second that each broker sends, and each receives, for the moves; ends with them",
        };
        var command = new Command("reassign", "Move replicas to other brokers")
        {
            topic, partition, assignment, cancel, list, throttle,
        };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (name, text, isCancel) = (parsed.GetValue(topic), parsed.GetValue(assignment), parsed.GetValue(cancel));
            if (parsed.GetValue(list) ? name is not null || text is not null || isCancel : name is null || text is null != isCancel)
                throw new UsageException("Say --list, or --topic with --replica-assignment or --cancel");
            var lists = text is null ? null : ReplicaLists.Parse(assignment.Name, text);

            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var admin = new ClusterAdmin(client);
            var output = cluster.Output(parsed, io);
            if (name is null) return await ListAsync(admin, output, cancellation);
            var described = (await new TopicAdmin(client).ListAsync([name], cancellation)).RequireTopic(name);
            int[] partitions = parsed.GetValue(partition) is { } one ? [one] : [.. described.Partitions.Select(p => p.Index)];
            if (lists is not null && lists.Length != partitions.Length)
                throw new UsageException($"{assignment.Name} is for {lists.Length} partitions, and there are {partitions.Length}");
            var moves = partitions.Select((p, i) => KeyValuePair.Create(new TopicPartition(name, p), lists?[i]));
            if (parsed.GetValue(throttle) is { } rate)
                await ThrottleAsync(client, described, partitions, lists, rate, cancellation);
            var outcomes = await admin.ReassignAsync(moves, cancellation);
            return PartitionOutcomes.Write(
                output, outcomes, isCancel ? "stays where it was" : "is being moved", ErrorCode.NoReassignmentInProgress);
        });
        return command;
    }

    /// <summary>Names those that send and those that receive, before the moves begin.</summary>
    private static async Task ThrottleAsync(
        KafkaClient client, MetadataResponse.Topic topic, int[] partitions, BrokerId[][]? lists, long rate,
        CancellationToken cancellation)
    {
        if (lists is null) throw new UsageException("--throttle goes with --replica-assignment");
        if (rate < 1) throw new UsageException("--throttle: at least 1 byte a second");
        var moves = partitions.Select((p, i) => (
            Partition: p, From: topic.Partitions.Single(known => known.Index == p).ReplicaNodes, To: lists[i])).ToList();
        var configs = new ConfigAdmin(client);
        var text = rate.ToString(CultureInfo.InvariantCulture);
        foreach (var broker in moves.SelectMany(m => m.From.Concat(m.To)).Distinct())
            await configs.AlterAsync(
                ConfigResourceType.Broker, broker.Value.ToString(CultureInfo.InvariantCulture), ConfigOperation.Set,
                [(ThrottledReplicas.LeaderRate, text), (ThrottledReplicas.FollowerRate, text)], cancellation);
        var senders = moves.SelectMany(m => m.From.Select(b => ThrottledReplicas.Pair(m.Partition, b)));
        var receivers = moves.SelectMany(m => m.To.Except(m.From).Select(b => ThrottledReplicas.Pair(m.Partition, b)));
        await configs.AlterAsync(
            ConfigResourceType.Topic, topic.Name!, ConfigOperation.Append,
            [
                (ThrottledReplicas.OfLeaders, string.Join(',', senders)),
                (ThrottledReplicas.OfFollowers, string.Join(',', receivers)),
            ],
            cancellation);
    }

    private static async Task<int> ListAsync(ClusterAdmin admin, Output output, CancellationToken cancellation)
    {
        var moving = (await admin.MovingAsync(cancellation)).SelectMany(t => t.Partitions.Select(p => (Topic: t.Name, At: p)));
        if (output.IsJson)
            output.Json(moving.Select(m => new
            {
                topic = m.Topic,
                partition = m.At.Index,
                replicas = m.At.Replicas.Select(b => b.Value),
                adding = m.At.AddingReplicas.Select(b => b.Value),
                removing = m.At.RemovingReplicas.Select(b => b.Value),
            }));
        else
            output.Table(Columns, moving.Select(m => new[]
            {
                m.Topic, m.At.Index.ToString(CultureInfo.InvariantCulture), string.Join(',', m.At.Replicas),
                string.Join(',', m.At.AddingReplicas), string.Join(',', m.At.RemovingReplicas),
            }));
        return ExitCode.Ok;
    }
}
