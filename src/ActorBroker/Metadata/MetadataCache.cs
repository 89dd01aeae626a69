using ActorBroker.Core.Metadata;
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

    public MetadataImage Current => _current;

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

    public void Publish(MetadataImage image)
    {
        List<Promise<MetadataImage>> arrived = [];
        lock (_gate)
        {
            Core.Invariant.Holds(image.Version >= _current.Version);
            _current = image;
            while (_waiting.Count > 0 && _waiting.First() is var (place, waiter) && place.Version <= image.Version)
            {
                _waiting.Remove(place);
                arrived.Add(waiter);
            }
        }
        foreach (var waiter in arrived) waiter.Set(image);
    }
}
