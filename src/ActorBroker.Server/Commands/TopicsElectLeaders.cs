using System.CommandLine;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics elect-leaders</c>: what kafka-leader-election does.</summary>
internal static class TopicsElectLeaders
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string?>("--topic") { Description = "One topic; all of them if none is given" };
        var partition = new Option<int?>("--partition") { Description = "One partition of the topic; all if none is given" };
        var type = new Option<string>("--election-type")
        {
            DefaultValueFactory = _ => "preferred",
            Description = "preferred: the first replica, if it is in sync. "
                + "unclean: for partitions without a leader, any replica that is there; records may be lost",
        };
        type.AcceptOnlyFromAmong("preferred", "unclean");
        var command = new Command("elect-leaders", "Have leaders elected") { topic, partition, type };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetValue(topic);
            if (name is null && parsed.GetValue(partition) is not null)
                throw new UsageException("--partition needs --topic");
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            List<TopicPartition>? partitions = null;
            if (name is not null)
            {
                var described = (await new TopicAdmin(client).ListAsync([name], cancellation)).RequireTopic(name);
                partitions = parsed.GetValue(partition) is { } one
                    ? [new TopicPartition(name, one)]
                    : [.. described.Partitions.Select(p => new TopicPartition(name, p.Index))];
            }
            var kind = parsed.GetValue(type) == "unclean" ? ElectLeadersRequest.Unclean : ElectLeadersRequest.Preferred;
            var outcomes = await new ClusterAdmin(client).ElectAsync(kind, partitions, cancellation);
            var output = cluster.Output(parsed, io);
            if (outcomes.Count == 0 && !output.IsJson) output.Line("All partitions are led as they should be.");
            return PartitionOutcomes.Write(output, outcomes, "a leader was elected", ErrorCode.ElectionNotNeeded);
        });
        return command;
    }
}
