using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>The entities of one shard: which run, which are being stopped, and what waits for those. No actors here.</summary>
/// <param name="bufferSize">So many messages are kept, in all.</param>
internal sealed class EntityTable<TRef, TMessage>(int bufferSize) where TRef : notnull
{
    private readonly Dictionary<string, Entity> _byId = [];
    private readonly Dictionary<TRef, Entity> _byRef = [];
    private int _waiting;
    private int _ticks;

    private sealed class Entity(string id, TRef reference)
    {
        public string Id { get; } = id;
        public TRef Ref { get; } = reference;

        /// <summary>What waits until the entity has stopped and runs again; null while it is not being stopped.</summary>
        public Queue<TMessage>? Waiting { get; set; }
        public int LastMessage { get; set; } // In ticks.
    }

    public int Count => _byId.Count;

    public IImmutableSet<string> Ids => [.. _byId.Keys];

    /// <summary>In the order of their ids.</summary>
    public ImmutableArray<TRef> All => [.. _byId.Values.OrderBy(e => e.Id, StringComparer.Ordinal).Select(e => e.Ref)];

    public Route Deliver(string id, TMessage message, [MaybeNull] out TRef to)
    {
        if (!_byId.TryGetValue(id, out var entity))
        {
            to = default;
            return Route.StartAndSend;
        }
        entity.LastMessage = _ticks;
        to = entity.Ref;
        if (entity.Waiting is null) return Route.Send;
        if (_waiting >= bufferSize) return Route.Full;
        _waiting++;
        entity.Waiting.Enqueue(message);
        return Route.Kept;
    }

    public bool Runs(string id) => _byId.ContainsKey(id);

    public void Started(string id, TRef reference)
    {
        var entity = new Entity(id, reference) { LastMessage = _ticks };
        _byId.Add(id, entity);
        _byRef.Add(reference, entity);
    }

    /// <returns>False: it is none of ours, or is being stopped already.</returns>
    public bool Passivate(TRef reference)
    {
        if (!_byRef.TryGetValue(reference, out var entity) || entity.Waiting is not null) return false;
        entity.Waiting = new Queue<TMessage>();
        return true;
    }

    /// <summary>Half of the time after which entities count as idle is over.</summary>
    /// <returns>Entities to passivate: without message for two to three halves, in the order of their ids.</returns>
    public ImmutableArray<TRef> Tick()
    {
        _ticks++;
        return [.. _byId.Values.Where(e => e.Waiting is null && e.LastMessage <= _ticks - 3)
            .OrderBy(e => e.Id, StringComparer.Ordinal).Select(e => e.Ref)];
    }

    /// <summary>An entity has stopped.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="waiting">What waits for its next incarnation.</param>
    public bool Gone(TRef reference, [MaybeNullWhen(false)] out string id, out IReadOnlyCollection<TMessage> waiting)
    {
        (id, waiting) = (null, []);
        if (!_byRef.Remove(reference, out var entity)) return false;
        _byId.Remove(entity.Id);
        id = entity.Id;
        waiting = entity.Waiting ?? waiting;
        _waiting -= waiting.Count;
        return true;
    }
}
