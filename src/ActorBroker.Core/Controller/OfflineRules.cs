using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What follows when the storage of single replicas fails while their broker goes on, and when it is back.</summary>
internal static class OfflineRules
{
    /// <summary>Replicas that are offline leave the ISR, and others lead; those that are back lead what nobody leads. What the
    /// broker says of partitions that it does not have any more is nothing.</summary>
    public static Decision Report(MetadataImage image, ClusterCommand.ReportReplicas command, ControllerPolicy policy)
    {
        if (!image.Brokers.TryGetValue(command.Broker, out var broker) || broker.Epoch != command.BrokerEpoch)
            return new Decision([], new ClusterCommand.ReportReplicas.Answer(ErrorCode.StaleBrokerEpoch));

        var sweep = new PartitionSweep(image, policy);
        foreach (var reports in command.Replicas.GroupBy(r => r.Topic))
        {
            if (sweep.Image.Topic(reports.Key) is not { } topic) continue;
            var isOffline = new Dictionary<int, bool>();
            foreach (var report in reports) isOffline[report.Partition] = report.IsOffline;
            sweep.Topic(topic, p => p.Replicas.Contains(broker.Id) && isOffline.TryGetValue(p.Index, out var offline)
                ? With(p, broker.Id, offline)
                : null);
        }
        return new Decision(sweep.Events, new ClusterCommand.ReportReplicas.Answer(ErrorCode.None));
    }

    private static PartitionEdit? With(PartitionImage p, BrokerId broker, bool isOffline) =>
        p.Offline.Contains(broker) == isOffline ? null
        : PartitionEdit.Of(p) with { Offline = isOffline ? p.Offline.Add(broker) : p.Offline.Remove(broker) };
}
