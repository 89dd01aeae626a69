using System.CommandLine;
using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>groups describe</c>: how far groups are, who their members are, or how they are.</summary>
internal static class GroupsDescribe
{
    private static readonly string[] OffsetColumns =
        ["GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"];

    private static readonly string[] MemberColumns = ["GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS", "ASSIGNMENT"];

    private static readonly string[] StateColumns = ["GROUP", "COORDINATOR", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS"];

    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var group = new Option<string[]>("--group", "-g") { Description = "The group; may be repeated" };
        var all = new Option<bool>("--all-groups") { Description = "All groups" };
        var offsets = new Option<bool>("--offsets")
        {
            Description = "Offsets and lag of each partition, which is what is shown if nothing else is asked for",
        };
        var members = new Option<bool>("--members") { Description = "The members and how much each reads" };
        var state = new Option<bool>("--state") { Description = "Coordinator, assignor, state and size" };
        var verbose = new Option<bool>("--verbose") { Description = "With --members: which partitions" };
        var command = new Command(
            "describe",
            "Describe consumer groups: their offsets and lag, members, or state") { group, all, offsets, members, state,
            verbose };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var admin = new GroupAdmin(client);
            var names = parsed.GetValue(
                all) ? [.. (await admin.ListAsync(cancellation)).Select(g => g.GroupId)] : parsed.GetValue(group) ?? [];
            if (names.Length == 0 && !parsed.GetValue(all)) throw new UsageException("Say which groups: --group or --all-groups");

            var groups = new List<GroupDescription>();
            foreach (var name in names) groups.Add(await admin.DescribeAsync(name, cancellation));
            var output = cluster.Output(parsed, io);
            if (parsed.GetValue(members)) Members(output, groups, parsed.GetValue(verbose) || output.IsJson);
            else if (parsed.GetValue(state)) States(output, groups);
            else await OffsetsAsync(io, output, client, groups, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task OffsetsAsync(
        CommandIo io, Output output, KafkaClient client, List<GroupDescription> groups, CancellationToken cancellation)
    {
        var lags = new List<(string Group, GroupLag Lag)>();
        foreach (var group in groups)
        {
            var name = group.Group.GroupId;
            var own = await GroupLag.ReadAsync(client, group, cancellation);
            if (group.IsUnknown && own.Count == 0)
                throw new KafkaException(ErrorCode.GroupIdNotFound, $"There is no group {name}");
            if (group.Group.Members.Length == 0 && !output.IsJson) io.Warn($"Consumer group '{name}' has no active members.");
            lags.AddRange(own.Select(lag => (name, lag)));
        }
        if (output.IsJson)
            output.Json(lags.Select(l => new
            {
                group = l.Group,
                topic = l.Lag.Partition.Topic,
                partition = l.Lag.Partition.Partition,
                currentOffset = l.Lag.Current?.Value,
                logEndOffset = l.Lag.LogEnd?.Value,
                lag = l.Lag.Lag,
                consumerId = l.Lag.Member?.MemberId,
                host = l.Lag.Member?.ClientHost,
                clientId = l.Lag.Member?.ClientId,
            }));
        else
            output.Table(OffsetColumns, lags.Select(l => new[]
            {
                l.Group, l.Lag.Partition.Topic, Text(l.Lag.Partition.Partition),
                l.Lag.Current?.ToString(), l.Lag.LogEnd?.ToString(), Text(l.Lag.Lag),
                l.Lag.Member?.MemberId, l.Lag.Member?.ClientHost, l.Lag.Member?.ClientId,
            }));
    }

    private static void Members(Output output, List<GroupDescription> groups, bool verbose)
    {
        var rows = groups.SelectMany(
            g => g.Group.Members, (g, m) => (g.Group.GroupId, Member: m, Partitions: g.Assignments[m.MemberId])).ToList();
        if (output.IsJson)
            output.Json(rows.Select(r => new
            {
                group = r.GroupId,
                consumerId = r.Member.MemberId,
                instanceId = r.Member.GroupInstanceId,
                host = r.Member.ClientHost,
                clientId = r.Member.ClientId,
                assignment = r.Partitions.Select(p => new { topic = p.Topic, partition = p.Partition }),
            }));
        else
            output.Table(verbose ? MemberColumns : MemberColumns[..^1], rows.Select(r =>
            {
                string?[] row = [r.GroupId, r.Member.MemberId, r.Member.ClientHost, r.Member.ClientId, Text(r.Partitions.Count)];
                return verbose ? [.. row, TextOf(r.Partitions)] : row;
            }));
    }

    private static void States(Output output, List<GroupDescription> groups)
    {
        if (output.IsJson)
            output.Json(groups.Select(g => new
            {
                group = g.Group.GroupId,
                coordinator = g.Coordinator.ToString(),
                assignmentStrategy = g.Group.ProtocolData,
                state = g.Group.GroupState,
                members = g.Group.Members.Length,
            }));
        else
            output.Table(StateColumns, groups.Select(g => new[]
            {
                g.Group.GroupId, g.Coordinator.ToString(), g.Group.ProtocolData, g.Group.GroupState, Text(g.Group.Members.Length),
            }));
    }

    /// <summary>As Kafka's tool writes it: <c>orders(0,1),other(2)</c>.</summary>
    private static string TextOf(List<TopicPartition> partitions) =>
        string.Join(',', partitions.GroupBy(p => p.Topic).OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => $"{t.Key}({string.Join(',', t.Select(p => p.Partition).Order())})"));

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
