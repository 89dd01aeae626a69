using System.CommandLine;
using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics describe</c>: where each partition is.</summary>
internal static class TopicsDescribe
{
    private static readonly string[] Columns = ["TOPIC", "PARTITION", "LEADER", "EPOCH", "REPLICAS", "ISR", "ELR"];

    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string?>("--topic")
        {
            Description = "One topic, or several with commas between; all if none is given",
        };
        var underReplicated = new Option<bool>("--under-replicated-partitions")
        {
            Description = "Only partitions with replicas that are not in sync",
        };
        var unavailable = new Option<bool>("--unavailable-partitions") { Description = "Only partitions without a leader" };
        var underMinimum = new Option<bool>("--under-min-isr-partitions")
        {
            Description = "Only partitions that take nothing with acks=all: fewer than min.insync.replicas are in sync",
        };
        var atMinimum = new Option<bool>("--at-min-isr-partitions")
        {
            Description = "Only partitions with just min.insync.replicas in sync: one less, and they take nothing with acks=all",
        };
        var command = new Command("describe", "Describe topics and their partitions")
        {
            topic, underReplicated, unavailable, underMinimum, atMinimum,
        };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var admin = new TopicAdmin(client);
            var names = parsed.GetValue(
                topic)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var metadata = await admin.ListAsync(names, cancellation);
            foreach (var name in names ?? []) metadata.RequireTopic(name);
            var topics = metadata.Response.Topics.Where(t => t.Name is not null).OrderBy(t => t.Name, StringComparer.Ordinal)
                .ToList();
            var configs = await admin.ConfigsAsync([.. topics.Select(t => t.Name!)], cancellation);
            var brokers = new ClusterAdmin(client);
            var eligible = topics.Count == 0 ? [] : await brokers.EligibleLeadersAsync(topics.Select(t => t.Name!), cancellation);
            var minimum = topics.Count > 0 && (parsed.GetValue(underMinimum) || parsed.GetValue(atMinimum))
                ? await brokers.MinInSyncAsync(topics.Select(t => t.Name!), cancellation)
                : [];

            bool Wanted(MetadataResponse.Topic t, MetadataResponse.Partition p) =>
                (!parsed.GetValue(underReplicated) || p.IsrNodes.Length < p.ReplicaNodes.Length)
                && (!parsed.GetValue(unavailable) || p.LeaderId.IsNone)
                && (!parsed.GetValue(underMinimum) || p.IsrNodes.Length < minimum.GetValueOrDefault(t.Name!))
                && (!parsed.GetValue(atMinimum) || p.IsrNodes.Length == minimum.GetValueOrDefault(t.Name!));
            var output = cluster.Output(parsed, io);
            if (output.IsJson) output.Json(topics.Select(t => ToJson(t, configs.GetValueOrDefault(t.Name!) ?? [], Wanted, eligible)));
            else foreach (var described in topics)
                Write(output, described, configs.GetValueOrDefault(described.Name!) ?? [], Wanted, eligible);
            return ExitCode.Ok;
        });
        return command;
    }

    private static object ToJson(
        MetadataResponse.Topic topic,
        List<DescribeConfigsResponse.Config> configs,
        Func<MetadataResponse.Topic, MetadataResponse.Partition, bool> wanted,
        Dictionary<TopicPartition, BrokerId[]> eligible) => new
        {
            topic = topic.Name,
            topicId = topic.TopicId.IsNone ? null : topic.TopicId.ToString(),
            isInternal = topic.IsInternal,
            configs = configs.ToDictionary(c => c.Name, c => c.Value),
            partitions = topic.Partitions.Where(p => wanted(topic, p)).Select(p => new
            {
                partition = p.Index,
                leader = p.LeaderId.Value,
                leaderEpoch = p.LeaderEpoch.Value,
                replicas = p.ReplicaNodes.Select(b => b.Value),
                isr = p.IsrNodes.Select(b => b.Value),
                elr = eligible.GetValueOrDefault(new(topic.Name!, p.Index), []).Select(b => b.Value),
            }),
        };

    private static void Write(
        Output output, MetadataResponse.Topic topic, List<DescribeConfigsResponse.Config> configs,
        Func<MetadataResponse.Topic, MetadataResponse.Partition, bool> wanted, Dictionary<TopicPartition, BrokerId[]> eligible)
    {
        var partitions = topic.Partitions.Where(p => wanted(topic, p)).ToList();
        if (partitions.Count == 0 && topic.Partitions.Length > 0) return;
        var factor = topic.Partitions is [var first, ..] ? first.ReplicaNodes.Length : 0;
        output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Topic: {topic.Name}  TopicId: {topic.TopicId}  ")
            + string.Create(CultureInfo.InvariantCulture,
                $"PartitionCount: {topic.Partitions.Length}  ReplicationFactor: {factor}  ")
            + $"Configs: {string.Join(',', configs.Select(c => $"{c.Name}={c.Value}"))}");
        if (topic.ErrorCode != ErrorCode.None) output.Line($"  {ErrorTexts.NameOf(topic.ErrorCode)}");
        output.Table(Columns, partitions.Select(p => new[]
        {
            topic.Name, Text(p.Index), p.LeaderId.IsNone ? "none" : p.LeaderId.ToString(), p.LeaderEpoch.ToString(),
            string.Join(',', p.ReplicaNodes), string.Join(',', p.IsrNodes),
            string.Join(',', eligible.GetValueOrDefault(new(topic.Name!, p.Index), [])),
        }));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
