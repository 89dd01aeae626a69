using Akka.Actor;

namespace Akka.Remote;

/// <summary>Who of this system watches whom in others, which of those systems are probed by heartbeats, and which are lost.
/// No actors, messages or time: the failure detectors are given.</summary>
/// <remarks>All orders are those of the calls, so that a simulation repeats them.</remarks>
internal sealed class WatchedSystems(IFailureDetectorRegistry<Address> detectors)
{
    private readonly Dictionary<Address, WatchedSystem> _systems = [];

    public int Count => _systems.Count;

    /// <summary>Systems to which a heartbeat is due, and whether one has ever been answered (or expected in vain).</summary>
    public IEnumerable<(Address System, bool Answered)> Probed =>
        from system in _systems where system.Value.IsProbed select (system.Key, detectors.IsMonitoring(system.Key));

    public void Watch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        var address = watchee.Path.Address;
        if (!_systems.TryGetValue(address, out var system)) _systems[address] = system = new();
        if (!system.Watched.TryGetValue(KeyOf(watchee), out var watched))
            system.Watched[KeyOf(watchee)] = watched = new(watchee, []);
        watched.Watchers.Add(watcher);
    }

    /// <summary>From now on a system that is watched is probed by heartbeats.</summary>
    public void Probe(Address address)
    {
        if (_systems.TryGetValue(address, out var system)) system.IsProbed = true;
    }

    /// <summary>Somebody else cares for whether that system lives.</summary>
    public void StopProbing(Address address)
    {
        detectors.Remove(address);
        if (!_systems.TryGetValue(address, out var system)) return;
        system.IsProbed = false;
        system.Uid = null;
    }

    /// <returns>True: nobody watches <paramref name="watchee"/> any more.</returns>
    public bool Unwatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!_systems.TryGetValue(watchee.Path.Address, out var system)
            || !system.Watched.TryGetValue(KeyOf(watchee), out var watched)
            || !watched.Watchers.Remove(watcher) || watched.Watchers.Count > 0)
            return false;
        Forget(KeyOf(watchee), system);
        return true;
    }

    /// <summary>An actor has stopped.</summary>
    /// <returns>Whom to tell, and under which name they know it: with its incarnation, or without.</returns>
    public IReadOnlyList<(IInternalActorRef Watchee, IInternalActorRef Watcher)> Stopped(IActorRef actor)
    {
        if (!_systems.TryGetValue(actor.Path.Address, out var system)) return [];
        var told = new List<(IInternalActorRef, IInternalActorRef)>();
        foreach (var key in new[] { KeyOf(actor), (actor.Path, ActorCell.UndefinedUid) })
        {
            if (!system.Watched.TryGetValue(key, out var watched)) continue;
            foreach (var watcher in watched.Watchers) told.Add((watched.Watchee, watcher));
            Forget(key, system);
        }
        return told;
    }

    /// <summary>A system has answered a heartbeat.</summary>
    /// <returns>What to watch again: the first answer of an incarnation means that it may not have got our watches.</returns>
    public IReadOnlyList<IInternalActorRef> Answered(Address address, int uid)
    {
        if (!_systems.TryGetValue(address, out var system) || !system.IsProbed) return [];
        detectors.Heartbeat(address);
        if (system.Uid == uid) return [];
        system.Uid = uid;
        return [.. system.Watched.Values.Select(watched => watched.Watchee)];
    }

    /// <summary>By now the first answer should have come: from here on silence counts.</summary>
    public void FirstAnswerExpected(Address address)
    {
        if (_systems.TryGetValue(address, out var system) && system.IsProbed && !detectors.IsMonitoring(address))
            detectors.Heartbeat(address);
    }

    /// <summary>Systems that have been silent for too long. They stay in this list until nobody watches there.</summary>
    public IReadOnlyList<(Address System, int? Uid)> Silent() =>
        [.. from system in _systems
            where system.Value.IsProbed && !detectors.IsAvailable(system.Key)
            select (system.Key, system.Value.Uid)];

    private void Forget((ActorPath Path, long Uid) watchee, WatchedSystem system)
    {
        system.Watched.Remove(watchee);
        if (system.Watched.Count > 0) return;
        // Watched again, it is like one never seen.
        _systems.Remove(watchee.Path.Address);
        detectors.Remove(watchee.Path.Address);
    }

    private static (ActorPath, long) KeyOf(IActorRef watchee) => (watchee.Path, watchee.Path.Uid);

    private readonly record struct WatchedActor(IInternalActorRef Watchee, HashSet<IInternalActorRef> Watchers);

    private sealed class WatchedSystem
    {
        public Dictionary<(ActorPath, long), WatchedActor> Watched { get; } = [];
        public bool IsProbed { get; set; }
        public int? Uid { get; set; }
    }
}
