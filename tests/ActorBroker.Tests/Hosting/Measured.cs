using System.Diagnostics.Metrics;

namespace ActorBroker.Tests.Hosting;

/// <summary>What a meter of a broker says when it is asked. Tests run side by side, so a broker is told by its id, and other clusters
/// may have one with the same.</summary>
internal sealed record Measured(string Name, long Value, IReadOnlyDictionary<string, object?> Tags)
{
    public static IReadOnlyList<Measured> Of(int broker)
    {
        var all = new List<Measured>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "ActorBroker") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return all;

        void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = new Dictionary<string, object?>(tags.ToArray(), StringComparer.Ordinal);
            if (named["broker.id"] is int id && id == broker) all.Add(new(instrument.Name, value, named));
        }
    }
}
