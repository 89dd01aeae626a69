using System.Diagnostics.Metrics;

namespace ActorBroker.Hosting;

/// <summary>What a broker counts, under Kafka's names for it, as instruments of the meter <see cref="MeterName"/> with the tag
/// <c>broker.id</c>: for dotnet-counters, OpenTelemetry, or a listener in the same process.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "ActorBroker";

    private readonly Meter _meter = new(MeterName);

    public BrokerMetrics(BrokerParts parts)
    {
        var tag = new KeyValuePair<string, object?>("broker.id", parts.Options.Id.Value);
        _meter.CreateObservableGauge(
            "kafka.log.LogManager.OfflineLogDirectoryCount",
            () => new Measurement<int>(parts.Directories.FailedCount, tag),
            "{directory}", "Data directories that have failed");
        _meter.CreateObservableGauge(
            "kafka.server.ReplicaManager.OfflineReplicaCount",
            () => new Measurement<int>(parts.Replicas.All.Count(r => r.IsOffline), tag),
            "{replica}", "Replicas on this broker whose storage failed");
    }

    public void Dispose() => _meter.Dispose();
}
