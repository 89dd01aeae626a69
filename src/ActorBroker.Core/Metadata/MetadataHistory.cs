using System.Collections.Immutable;

namespace ActorBroker.Core.Metadata;

/// <summary>The controller's last events: a broker that lacks no more than these gets them, and any other the whole
/// image.</summary>
public sealed class MetadataHistory(int maxEvents)
{
    private readonly Queue<MetadataEvent> _events = new();

    /// <summary>Version of the image after the last event.</summary>
    public long End { get; private set; }

    public long Start => End - _events.Count;

    /// <summary>Nothing before this version is known.</summary>
    public void Begin(long version)
    {
        _events.Clear();
        End = version;
    }

    public void Add(MetadataEvent change)
    {
        _events.Enqueue(change);
        End++;
        if (_events.Count > maxEvents) _events.Dequeue();
    }

    /// <summary>What happened after that version; null if that is not known any more, or is not yet.</summary>
    public MetadataDelta? Since(long version) =>
        version < Start || version > End ? null : new MetadataDelta(version, [.. _events.Skip((int)(version - Start))]);
}
