using System.CommandLine;
using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Commands;

/// <summary><c>groups reset-offsets</c>: shows where a group would go on, and with <c>--execute</c> makes it so.</summary>
internal static class GroupsResetOffsets
{
    private static readonly string[] Columns = ["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"];

    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var target = new OffsetTarget();
        var group = new Option<string>("--group", "-g")
        {
            Required = true,
            Description = "The group, which must have no members",
        };
        var topic = new Option<string[]>("--topic", "-t")
        {
            Description = "A topic, or TOPIC:0,2 for some of its partitions; may be repeated",
        };
        var allTopics = new Option<bool>("--all-topics") { Description = "All topics in which the group has committed offsets" };
        var execute = new Option<bool>("--execute") { Description = "Do it; otherwise it is only shown" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show it" };
        var command = new Command(
            "reset-offsets", "Move a consumer group to other offsets") { group, topic, allTopics, execute, dryRun };
        target.AddTo(command);
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(execute) && parsed.GetValue(dryRun))
                throw new UsageException("--execute and --dry-run exclude each other");
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var coordinator = new GroupCoordinator(client, parsed.GetRequiredValue(group));
            await RequireNoMembersAsync(client, coordinator.GroupId, cancellation);

            var partitions = parsed.GetValue(allTopics)
                ? [.. (await GroupOffsets.FetchAsync(coordinator, null, cancellation)).Keys]
                : await PartitionsAsync(client, parsed.GetValue(topic) ?? [], cancellation);
            var offsets = await target.ResolveAsync(parsed, client, coordinator, partitions, io.Time, cancellation);
            if (parsed.GetValue(execute)) await GroupOffsets.CommitAsync(coordinator, Committer.Nobody, offsets, cancellation);
            else io.Warn("Nothing was changed; add --execute to do it.");
            Write(cluster.Output(parsed, io), coordinator.GroupId, offsets);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task RequireNoMembersAsync(KafkaClient client, string group, CancellationToken cancellation)
    {
        try
        {
            var described = await new GroupAdmin(client).DescribeAsync(group, cancellation);
            if (described.Group.Members.Length > 0)
                throw new KafkaException(
                    ErrorCode.NonEmptyGroup,
                    $"Group {group} is {described.Group.GroupState} with {described.Group.Members.Length} members; stop them first");
        }
        catch (KafkaException e) when (e.Code == ErrorCode.GroupIdNotFound)
        {
            // The first commit makes it.
        }
    }

    private static async Task<List<TopicPartition>> PartitionsAsync(
        KafkaClient client, string[] topics, CancellationToken cancellation)
    {
        if (topics.Length == 0) throw new UsageException("Say which topics: --topic or --all-topics");
        var wanted = topics.Select(t => t.Split(':', 2)).ToList();
        var metadata = await new TopicAdmin(client).ListAsync([.. wanted.Select(w => w[0]).Distinct()], cancellation);
        var partitions = new List<TopicPartition>();
        foreach (var parts in wanted)
        {
            var all = metadata.RequireTopic(parts[0]).Partitions.Select(p => p.Index).ToList();
            var some = parts.Length == 1 ? all : [.. parts[1].Split(',').Select(p => Number(p, parts[0]))];
            foreach (var partition in some)
                partitions.Add(all.Contains(partition)
                    ? new(parts[0], partition)
                    : throw new UsageException($"--topic: {parts[0]} has no partition {partition}"));
        }
        return [.. partitions.Distinct()];
    }

    private static int Number(string text, string topic) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"--topic: '{text}' is not a partition of {topic}");

    private static void Write(Output output, string group, Dictionary<TopicPartition, Offset> offsets)
    {
        var rows = offsets.OrderBy(o => o.Key.Topic, StringComparer.Ordinal).ThenBy(o => o.Key.Partition).ToList();
        if (output.IsJson)
            output.Json(
                rows.Select(r => new { group, topic = r.Key.Topic, partition = r.Key.Partition, newOffset = r.Value.Value }));
        else output.Table(
            Columns,
            rows.Select(
                r => new[] { group, r.Key.Topic, r.Key.Partition.ToString(CultureInfo.InvariantCulture), r.Value.ToString() }));
    }
}
