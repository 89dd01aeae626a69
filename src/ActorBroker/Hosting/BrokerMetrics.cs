using System.Diagnostics.Metrics;

namespace ActorBroker.Hosting;

/// <summary>What a broker counts, under Kafka's names for it, as instruments of the meter <see cref="MeterName"/> with the tag
/// <c>broker.id</c>: for dotnet-counters, OpenTelemetry, or a listener in the same process.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "ActorBroker";

    private readonly Meter _meter;

    public BrokerMetrics(BrokerParts parts)
    {
        _meter = parts.Environment.NewMeter();
        var tag = new KeyValuePair<string, object?>("broker.id", parts.Options.Id.Value);
        _meter.CreateObservableGauge(
            "kafka.log.LogManager.OfflineLogDirectoryCount",
            () => new Measurement<int>(parts.Directories.FailedCount, tag),
            "{directory}", "Data directories that have failed");
        _meter.CreateObservableGauge(
            "kafka.server.ReplicaManager.OfflineReplicaCount",
            () => new Measurement<int>(parts.Replicas.All.Count(r => r.IsOffline), tag),
            "{replica}", "Replicas on this broker whose storage failed");
        _meter.CreateObservableGauge(
            "kafka.log.Log.Size",
            () => parts.Directories.Sizes().Select(log => new Measurement<long>(
                log.Bytes, tag, new("topic", log.Partition.Topic), new("partition", log.Partition.Partition),
                new("directory", log.Directory))),
            "By", "Size of each replica on this broker, without indexes");
        _meter.CreateObservableCounter(
            "actorbroker.replicas.lost.records",
            () => new Measurement<long>(parts.Replicas.LostRecords, tag),
            "{record}", "Records that replicas on this broker had to cut after unclean elections");
    }

    public void Dispose() => _meter.Dispose();
}
