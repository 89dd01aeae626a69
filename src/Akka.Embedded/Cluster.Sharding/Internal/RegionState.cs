using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Where a message for a shard goes.</summary>
internal enum Route
{
    /// <summary>To the given region, or to the given actor of a shard that is hosted here.</summary>
    Send,

    /// <summary>To a shard that is hosted here, and has to be started first.</summary>
    StartAndSend,

    /// <summary>Kept until the shard's home is known.</summary>
    Kept,

    /// <summary>Kept, and the first for its shard: its home has to be asked for.</summary>
    KeptFirst,

    /// <summary>There is no room for it.</summary>
    Full,
}

/// <summary>What one region knows: homes of shards, the shards it hosts, messages that wait. No actors here.</summary>
/// <param name="self">This region.</param>
/// <param name="isProxy">Hosts nothing.</param>
/// <param name="bufferSize">So many messages are kept, in all.</param>
internal sealed class RegionState<TRef, TMessage>(TRef self, bool isProxy, int bufferSize) where TRef : notnull
{
    private readonly Dictionary<string, TRef> _homes = [];
    private readonly SortedDictionary<string, Local> _hosted = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Queue<TMessage>> _kept = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unsure = new(StringComparer.Ordinal); // Their homes are what an earlier coordinator said.

    private sealed class Local(TRef actor)
    {
        public TRef Actor { get; } = actor;
        public bool Stopping { get; set; }
    }

    /// <summary>How many messages wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Hands its shards over and takes no new ones.</summary>
    public bool Leaving { get; set; }

    public bool IsEmpty => _hosted.Count == 0 && _kept.Count == 0;

    /// <summary>The shards that a new coordinator must know are here: those that run, though they may be stopping, and those that
    /// will run when they are needed.</summary>
    public ImmutableArray<string> Hosted =>
        [.. _homes.Where(h => h.Value.Equals(self)).Select(h => h.Key).Union(_hosted.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Actors of the shards that run here.</summary>
    public ImmutableArray<(string Shard, TRef Actor)> Actors => [.. _hosted.Select(h => (h.Key, h.Value.Actor))];

    /// <summary>Shards whose home has to be asked for: messages wait for them, or the home may be out of date.</summary>
    public ImmutableArray<string> Wanted => [.. _kept.Keys.Where(shard => !_homes.ContainsKey(shard)).Union(_unsure)];

    public TRef? HomeOf(string shard) => _homes.GetValueOrDefault(shard);

    public Route Deliver(string shard, TMessage message, [MaybeNull] out TRef to)
    {
        if (!_homes.TryGetValue(shard, out to)) return Keep(shard, message);
        if (!to.Equals(self)) return Route.Send;
        if (!_hosted.TryGetValue(shard, out var local)) return Route.StartAndSend;
        to = local.Actor;
        return local.Stopping ? Keep(shard, message) : Route.Send;
    }

    /// <summary>A coordinator took this region up that knows only what is hosted. Messages go on to where the last one had said, but
    /// that has to be asked for: of two regions that each take the other one for a shard's home, where the last coordinator has moved
    /// it from and where it had no time to start it, none would ever ask, and messages would go to and fro.</summary>
    public void HasNewCoordinator() => _unsure.UnionWith(_homes.Where(h => !h.Value.Equals(self)).Select(h => h.Key));

    /// <summary>The coordinator has said where a shard lives.</summary>
    /// <returns>True: here, and its actor has to be started.</returns>
    public bool HomeIs(string shard, TRef region)
    {
        var here = region.Equals(self);
        if (here && (isProxy || Leaving)) return false;
        _homes[shard] = region;
        _unsure.Remove(shard);
        return here && !_hosted.ContainsKey(shard); // One that stops is started again when it has.
    }

    public void Started(string shard, TRef actor) => _hosted.Add(shard, new Local(actor));

    /// <summary>The messages that wait for a shard, in their order, if they can go now; and where.</summary>
    public IEnumerable<TMessage> Release(string shard, [MaybeNull] out TRef to)
    {
        if (!_homes.TryGetValue(shard, out to)) return [];
        if (to.Equals(self))
        {
            if (!_hosted.TryGetValue(shard, out var local) || local.Stopping) return [];
            to = local.Actor;
        }
        return Take(shard);
    }

    public void BeginHandOff(string shard) => ForgetHome(shard);

    /// <summary>The shard has to stop here. Messages that wait for it are given back: they may have come from other regions,
    /// whose later ones would overtake them.</summary>
    /// <param name="actor">Who is to stop.</param>
    /// <returns>False: no such shard is here, so it has stopped.</returns>
    public bool HandOff(string shard, [MaybeNullWhen(false)] out TRef actor, out IEnumerable<TMessage> dropped)
    {
        ForgetHome(shard);
        dropped = Take(shard);
        actor = default;
        if (!_hosted.TryGetValue(shard, out var local)) return false;
        local.Stopping = true;
        actor = local.Actor;
        return true;
    }

    /// <summary>The actor of a shard has stopped.</summary>
    /// <returns>True: messages wait for it here, so it has to be started again.</returns>
    public bool ActorGone(string shard)
    {
        _hosted.Remove(shard);
        return _kept.ContainsKey(shard) && _homes.TryGetValue(shard, out var home) && home.Equals(self);
    }

    public void RegionGone(TRef region)
    {
        foreach (var shard in _homes.Where(h => h.Value.Equals(region)).Select(h => h.Key).ToArray()) ForgetHome(shard);
    }

    /// <summary>All that waits, when the region stops.</summary>
    public IEnumerable<TMessage> TakeAll() => [.. _kept.Keys.ToArray().SelectMany(Take)];

    private void ForgetHome(string shard)
    {
        _homes.Remove(shard);
        _unsure.Remove(shard);
    }

    private Route Keep(string shard, TMessage message)
    {
        if (Waiting >= bufferSize) return Route.Full;
        Waiting++;
        if (_kept.TryGetValue(shard, out var queue))
        {
            queue.Enqueue(message);
            return Route.Kept;
        }
        _kept.Add(shard, queue = new Queue<TMessage>());
        queue.Enqueue(message);
        return Route.KeptFirst;
    }

    private Queue<TMessage> Take(string shard)
    {
        if (!_kept.Remove(shard, out var queue)) return [];
        Waiting -= queue.Count;
        return queue;
    }
}
