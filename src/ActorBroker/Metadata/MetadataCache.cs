using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Threads;

namespace ActorBroker.Metadata;

/// <summary>
/// The newest image that this broker serves. Any thread reads it; only the metadata actor publishes, and only
/// after the replicas that the image puts on this broker can be asked.
/// </summary>
/// <param name="pool">Where those go on who wait for an image; null: the real one.</param>
internal sealed class MetadataCache(WorkPool? pool = null)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(long Version, long Number), Promise<MetadataImage>> _waiting = [];
    private long _waiters;
    private volatile MetadataImage _current = MetadataImage.Empty;
    private volatile MetadataImage _shown = MetadataImage.Empty;
    private volatile int _controller = BrokerId.None.Value;

    public MetadataImage Current => _current;

    /// <summary>What clients are told: the current image, but never a leader or a broker of which it is known that it is not there
    /// any more, though what follows from that is still being carried out.</summary>
    public MetadataImage Shown => _shown;

    /// <summary>Whether the image may be taken for current in what this broker leads.</summary>
    public ServingLease Lease { get; init; } = ServingLease.Always;

    /// <summary>The broker that runs the controller, as this broker heard it last; none: it was not heard yet.</summary>
    public BrokerId Controller
    {
        get => new(_controller);
        set => _controller = value.Value;
    }

    /// <summary>Completes when an image of at least that version is published.</summary>
    public Task WhenAtLeastAsync(long version)
    {
        if (_current.Version >= version) return Task.CompletedTask;
        lock (_gate)
        {
            if (_current.Version >= version) return Task.CompletedTask;
            var waiter = new Promise<MetadataImage>(pool);
            _waiting.Add((version, _waiters++), waiter);
            return waiter.Task;
        }
    }

    /// <summary>A newer image is known, and is about to be carried out.</summary>
    public void Heard(MetadataImage newest) => _shown = _current.WithLeadersOf(newest);

    /// <summary>The image is carried out.</summary>
    /// <param name="newest">What was heard since; null: nothing.</param>
    public void Publish(MetadataImage image, MetadataImage? newest = null)
    {
        List<Promise<MetadataImage>> arrived = [];
        lock (_gate)
        {
            Core.Invariant.Holds(image.Version >= _current.Version);
            _current = image;
            _shown = newest is null ? image : image.WithLeadersOf(newest);
            while (_waiting.Count > 0 && _waiting.First() is var (place, waiter) && place.Version <= image.Version)
            {
                _waiting.Remove(place);
                arrived.Add(waiter);
            }
        }
        foreach (var waiter in arrived) waiter.Set(image);
    }
}
