using System.CommandLine;
using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>cluster status</c>: is all well?</summary>
internal static class ClusterStatus
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var canStop = new Option<int?>("--can-stop")
        {
            Description = "Fail if stopping this broker would leave a partition with fewer than min.insync.replicas",
            HelpName = "ID",
        };
        var command = new Command("status", "Brokers and partitions in numbers, and what is not as it should be") { canStop };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var admin = new ClusterAdmin(client);
            var brokers = await admin.DescribeAsync(cancellation);
            var metadata = await new TopicAdmin(client).ListAsync(null, cancellation);
            var moving = await admin.MovingAsync(cancellation);
            var minimum = await admin.MinInSyncAsync(metadata.Response.Topics.Select(t => t.Name!), cancellation);
            var partitions = metadata.Response.Topics.SelectMany(t => t.Partitions).ToList();
            var fenced = brokers.Brokers.Where(b => b.IsFenced).Select(b => b.BrokerId.Value).Order().ToArray();
            var counts = new
            {
                clusterId = brokers.ClusterId,
                brokers = brokers.Brokers.Length,
                unreachableBrokers = fenced,
                topics = metadata.Response.Topics.Length,
                partitions = partitions.Count,
                unavailablePartitions = partitions.Count(p => p.LeaderId.IsNone),
                underReplicatedPartitions = partitions.Count(p => p.IsrNodes.Length < p.ReplicaNodes.Length),
                underMinIsrPartitions = CountInSync(metadata.Response.Topics, minimum, (inSync, least) => inSync < least),
                atMinIsrPartitions = CountInSync(metadata.Response.Topics, minimum, (inSync, least) => inSync == least),
                movingPartitions = moving.Sum(t => t.Partitions.Length),
            };
            var output = cluster.Output(parsed, io);
            if (parsed.GetValue(canStop) is { } stopping)
            {
                var needed = NeededBy(metadata.Response.Topics, minimum, new BrokerId(stopping));
                output.Result(
                    new { broker = stopping, canStop = needed == 0, neededBy = needed },
                    Text($"Partitions that would have too few replicas in sync without broker {stopping}: {needed}"));
                return needed == 0 ? ExitCode.Ok : ExitCode.Failed;
            }
            if (output.IsJson)
            {
                output.Json(counts);
                return ExitCode.Ok;
            }
            output.Line($"Cluster: {counts.clusterId}");
            output.Line(Text($"Brokers: {counts.brokers}")
                + (fenced.Length > 0 ? $", out of reach: {string.Join(',', fenced)}" : ", all within reach"));
            output.Line(Text($"Topics: {counts.topics}  Partitions: {counts.partitions}"));
            output.Line(Text($"Without a leader: {counts.unavailablePartitions}  ")
                + Text($"Under-replicated: {counts.underReplicatedPartitions}  Being moved: {counts.movingPartitions}"));
            output.Line(Text($"Below min.insync.replicas: {counts.underMinIsrPartitions}  Just at it: {counts.atMinIsrPartitions}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static int CountInSync(
        MetadataResponse.Topic[] topics, Dictionary<string, int> minimum, Func<int, int, bool> isCounted) =>
        topics.Where(t => minimum.ContainsKey(t.Name!))
            .Sum(t => t.Partitions.Count(p => isCounted(p.IsrNodes.Length, minimum[t.Name!])));

    /// <summary>Partitions that would fall below their minimum. Those that could never do without any replica don't count.</summary>
    private static int NeededBy(MetadataResponse.Topic[] topics, Dictionary<string, int> minimum, BrokerId broker) =>
        topics.Where(t => minimum.ContainsKey(t.Name!)).Sum(t => t.Partitions.Count(p =>
            p.ReplicaNodes.Contains(broker) && p.ReplicaNodes.Length > minimum[t.Name!]
            && p.IsrNodes.Count(b => b != broker) < minimum[t.Name!]));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
