using System.Collections.Immutable;
using static Akka.Cluster.Sharding.Internal.Coordination;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>What the coordinator of one type knows and decides: which regions there are, which of them hosts which shard, and
/// how shards move. No actors, no clock, no strategy here: what has to be done comes back as effects.</summary>
/// <remarks>
/// A shard has at most one home. It gets another one only after its region has said that the shard has stopped, or is gone.
/// Regions are in the order in which they have registered, shards in that of their ids.
/// </remarks>
/// <param name="minRegions">No shard gets a home before so many regions have been there once.</param>
internal sealed class CoordinatorState<TRegion>(int minRegions) where TRegion : notnull
{
    private readonly List<Region> _regions = [];
    private readonly List<TRegion> _proxies = [];
    private readonly SortedDictionary<string, Region> _homes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unacked = new(StringComparer.Ordinal); // HostShard was sent, ShardStarted not heard.
    private readonly SortedDictionary<string, Move> _moves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TRegion>> _askers = []; // Who waits for the home of a shard that is moving.
    private List<Effect> _effects = [];
    private bool _enough;

    private sealed class Region(TRegion reference)
    {
        public TRegion Ref { get; } = reference;
        public SortedSet<string> Shards { get; } = new(StringComparer.Ordinal);

        /// <summary>Hands its shards over, gets no new ones.</summary>
        public bool Leaving { get; set; }

        /// <summary>Its node is gone, but may not have noticed yet.</summary>
        public bool Dying { get; set; }
    }

    private sealed record Move(Region From, List<TRegion> Awaited)
    {
        public bool HandingOff { get; set; }
    }

    /// <summary>Has just been started: regions that host shards may not have registered yet.</summary>
    public bool Recovering { get; set; }

    public IEnumerable<TRegion> Regions => _regions.Select(r => r.Ref);

    public IImmutableSet<string> Moving => [.. _moves.Keys];

    /// <summary>The regions that a shard may go to, with the shards that they have.</summary>
    public ImmutableArray<(TRegion Region, ImmutableArray<string> Shards)> Allocations =>
        [.. _regions.Where(r => !r.Leaving).Select(r => (r.Ref, r.Shards.ToImmutableArray()))];

    public TRegion? HomeOf(string shard) => _homes.TryGetValue(shard, out var home) ? home.Ref : default;

    public IReadOnlyList<Effect> Registered(TRegion reference, IEnumerable<string> shards)
    {
        if (Find(reference) is not { } region) _regions.Add(region = new Region(reference));
        foreach (var shard in shards.Order(StringComparer.Ordinal))
        {
            _enough = true; // So this cluster has been running.
            if (_homes.TryAdd(shard, region)) region.Shards.Add(shard);
            else if (_homes[shard] != region)
            {
                // It has registered too late, and the shard has been given away.
                Do(new Warn($"Shard [{shard}] lives at [{_homes[shard].Ref}]; [{reference}] hosts it too, and has to stop it"));
                Do(new SendHandOff<TRegion>(reference, shard));
            }
        }
        _enough |= _regions.Count >= minRegions;
        return Done();
    }

    public void ProxyRegistered(TRegion proxy)
    {
        if (!_proxies.Contains(proxy)) _proxies.Add(proxy);
    }

    public IReadOnlyList<Effect> HomeAsked(TRegion asker, string shard)
    {
        if (_moves.ContainsKey(shard)) Remember(asker, shard);
        else if (!_homes.TryGetValue(shard, out var home)) Allocate(shard, asker);
        else if (!home.Dying) Do(new SendHome<TRegion>(asker, shard, home.Ref));
        return Done();
    }

    /// <summary>The strategy has chosen. Others may have asked, and been answered, meanwhile: what came first stays.</summary>
    public IReadOnlyList<Effect> Allocated(TRegion asker, string shard, TRegion chosen)
    {
        if (_homes.ContainsKey(shard)) return HomeAsked(asker, shard);
        if (Find(chosen) is not { Leaving: false } region)
        {
            Do(new Debug($"Shard [{shard}] stays without home: [{chosen}], which was chosen, is no region or leaves"));
            _askers.Remove(shard);
            return Done();
        }
        _homes.Add(shard, region);
        region.Shards.Add(shard);
        _unacked.Add(shard);
        Do(new SendHostShard<TRegion>(region.Ref, shard));
        Remember(asker, shard);
        TellAskers(shard, region);
        return Done();
    }

    /// <summary>Those that have asked ask again.</summary>
    public void AllocationFailed(string shard) => _askers.Remove(shard);

    public IReadOnlyList<Effect> Started(TRegion region, string shard)
    {
        if (_homes.TryGetValue(shard, out var home) && home.Ref.Equals(region) && _unacked.Remove(shard))
            Do(new StopHostTimer(shard));
        return Done();
    }

    public IReadOnlyList<Effect> HostShardOverdue(string shard)
    {
        if (_unacked.Contains(shard)) Do(new SendHostShard<TRegion>(_homes[shard].Ref, shard));
        return Done();
    }

    /// <summary>Not while shards are on their way: the strategy would count on what may not come to be.</summary>
    public bool MayRebalance => !Recovering && _unacked.Count == 0 && _homes.Count > 0;

    public IReadOnlyList<Effect> Rebalance(IEnumerable<string> shards)
    {
        foreach (var shard in shards.Order(StringComparer.Ordinal)) BeginMove(shard);
        return Done();
    }

    public IReadOnlyList<Effect> Leaves(TRegion reference)
    {
        if (Find(reference) is not { } region) return Done();
        region.Leaving = true;
        foreach (var shard in region.Shards) BeginMove(shard);
        return Done();
    }

    public IReadOnlyList<Effect> HandOffBegun(TRegion by, string shard)
    {
        if (_moves.TryGetValue(shard, out var move)) Acked(by, shard, move);
        return Done();
    }

    public IReadOnlyList<Effect> Stopped(TRegion by, string shard)
    {
        if (_moves.TryGetValue(shard, out var move) && move.HandingOff && move.From.Ref.Equals(by)) EndMove(shard, move);
        return Done();
    }

    /// <summary>The shard stays; if it stops later, its region starts it again when it is needed.</summary>
    public IReadOnlyList<Effect> MoveOverdue(string shard)
    {
        if (!_moves.Remove(shard, out var move)) return Done();
        Do(new Warn($"Shard [{shard}] could not be moved in time; it stays at [{move.From.Ref}]"));
        if (move.From.Dying) _askers.Remove(shard);
        else TellAskers(shard, move.From);
        return Done();
    }

    /// <summary>The region's node is out of the cluster, but what it hosts may run on until the removal margin is over.</summary>
    public IReadOnlyList<Effect> Dies(TRegion reference)
    {
        if (Find(reference) is { } region) region.Leaving = region.Dying = true;
        foreach (var (shard, move) in _moves.ToArray()) Acked(reference, shard, move);
        return Done();
    }

    public IReadOnlyList<Effect> Gone(TRegion reference)
    {
        _proxies.Remove(reference);
        foreach (var askers in _askers.Values) askers.Remove(reference);
        foreach (var (shard, move) in _moves.ToArray()) Acked(reference, shard, move);
        if (Find(reference) is not { } region) return Done();
        _regions.Remove(region);
        foreach (var shard in region.Shards.ToArray())
        {
            if (_moves.TryGetValue(shard, out var move)) EndMove(shard, move);
            else Forget(shard, region);
        }
        return Done();
    }

    private Region? Find(TRegion reference) => _regions.Find(r => r.Ref.Equals(reference));

    private void Allocate(string shard, TRegion asker)
    {
        if (!Recovering && _enough && _regions.Exists(r => !r.Leaving)) Do(new AskStrategy<TRegion>(shard, asker));
        else Do(new Debug($"Shard [{shard}] gets no home yet: not all regions have registered"));
    }

    private void BeginMove(string shard)
    {
        if (_moves.ContainsKey(shard) || !_homes.TryGetValue(shard, out var from) || from.Dying) return;
        var all = _regions.Where(r => !r.Dying).Select(r => r.Ref).Concat(_proxies).ToList();
        _moves.Add(shard, new Move(from, all));
        Do(new StartMoveTimer(shard));
        foreach (var region in all) Do(new SendBeginHandOff<TRegion>(region, shard));
    }

    private void Acked(TRegion by, string shard, Move move)
    {
        if (!move.Awaited.Remove(by) || move.Awaited.Count > 0 || move.HandingOff) return;
        move.HandingOff = true;
        if (!move.From.Dying) Do(new SendHandOff<TRegion>(move.From.Ref, shard));
    }

    private void EndMove(string shard, Move move)
    {
        _moves.Remove(shard);
        Do(new StopMoveTimer(shard));
        Forget(shard, move.From);
        Allocate(shard, move.From.Ref);
    }

    private void Forget(string shard, Region region)
    {
        _homes.Remove(shard);
        region.Shards.Remove(shard);
        if (_unacked.Remove(shard)) Do(new StopHostTimer(shard));
    }

    private void Remember(TRegion asker, string shard)
    {
        if (!_askers.TryGetValue(shard, out var askers)) _askers.Add(shard, askers = []);
        if (!askers.Contains(asker)) askers.Add(asker);
    }

    private void TellAskers(string shard, Region home)
    {
        if (!_askers.Remove(shard, out var askers)) return;
        foreach (var asker in askers) Do(new SendHome<TRegion>(asker, shard, home.Ref));
    }

    private void Do(Effect effect) => _effects.Add(effect);

    private List<Effect> Done()
    {
        var done = _effects;
        _effects = [];
        return done;
    }
}
