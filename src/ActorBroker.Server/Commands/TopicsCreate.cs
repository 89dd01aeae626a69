using System.CommandLine;
using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics create</c>.</summary>
internal static class TopicsCreate
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string>("--topic") { Required = true, Description = "The topic's name" };
        var partitions = new Option<int>("--partitions")
        {
            DefaultValueFactory = _ => -1,
            Description = "Number of partitions; the broker's num.partitions if none is given",
        };
        var factor = new Option<short>("--replication-factor")
        {
            DefaultValueFactory = _ => -1,
            Description = "Number of replicas; the broker's default if none is given",
        };
        var assignment = new Option<string?>("--replica-assignment")
        {
            Description = "Brokers of each partition, as 1:2,2:3 for two partitions",
        };
        var config = new Option<string[]>("--config") { Description = "KEY=VALUE of the topic's configuration; may be repeated" };
        var ifNotExists = new Option<bool>("--if-not-exists") { Description = "Do nothing where the topic exists" };
        var command = new Command("create", "Create a topic") { topic, partitions, factor, assignment, config, ifNotExists };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(topic);
            var output = cluster.Output(parsed, io);
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var request = new CreateTopicsRequest.Topic
            {
                Name = name,
                NumPartitions = parsed.GetValue(partitions),
                ReplicationFactor = parsed.GetValue(factor),
                Assignments = Assignments(parsed.GetValue(assignment)),
                Configs = [.. KeyValues.Parse(config.Name, parsed.GetValue(config))
                    .Select(c => new CreateTopicsRequest.Config(c.Key, c.Value))],
            };
            CreateTopicsResponse.Topic created;
            try
            {
                created = await new TopicAdmin(client).CreateAsync(request, cancellation);
            }
            catch (KafkaException e) when (e.Code == ErrorCode.TopicAlreadyExists && parsed.GetValue(ifNotExists))
            {
                output.Result(new { topic = name, created = false }, $"Topic {name} exists.");
                return ExitCode.Ok;
            }
            output.Result(new { topic = name, created = true }, $"Created topic {name}.");
            if (NeedsAll(created)) io.Warn(
                $"min.insync.replicas is as large as the replication factor, {created.ReplicationFactor}: "
                + "while any of these brokers is away, nothing can be written with acks=all.");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Whether one broker less stops writing. Of a single replica nobody expects more.</summary>
    private static bool NeedsAll(CreateTopicsResponse.Topic topic) =>
        topic.ReplicationFactor > 1 && topic.Configs is { } configs
        && configs.FirstOrDefault(c => c.Name == ClusterAdmin.MinInSyncKey).Value is { } least
        && int.Parse(least, CultureInfo.InvariantCulture) >= topic.ReplicationFactor;

    private static CreateTopicsRequest.Assignment[] Assignments(string? text)
    {
        if (text is null) return [];
        return [.. ReplicaLists.Parse("--replica-assignment", text)
            .Select((brokers, partition) => new CreateTopicsRequest.Assignment(partition, brokers))];
    }
}
