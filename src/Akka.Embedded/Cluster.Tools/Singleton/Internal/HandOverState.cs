using System.Collections.Immutable;
using static Akka.Cluster.Tools.Singleton.Internal.HandOver;

namespace Akka.Cluster.Tools.Singleton.Internal;

/// <summary>Decides when one node may run the singleton. No clock, no sending, no actors here.</summary>
/// <remarks>
/// A node runs it when it is the oldest that stays, and every node that may have run it before has said that it doesn't, or was
/// removed longer than the margin ago. Whoever says so must be told the same before it runs it again: the permission is in
/// one place, whatever the two think of the membership.
/// </remarks>
/// <param name="maxRetries">So many retries an oldest that was waits to be asked.</param>
internal sealed class HandOverState(UniqueAddress self, string? role, int maxRetries)
{
    private readonly List<Effect> _effects = [];
    private readonly SortedDictionary<UniqueAddress, long> _askers = []; // Who waits for the singleton to stop; their rounds.
    private Elders _elders = Elders.None(role);
    private ImmutableSortedSet<UniqueAddress> _lingering = []; // Removed, but within the margin.
    private ImmutableSortedSet<UniqueAddress> _granted = []; // Who has our word that we don't run it.
    private ImmutableSortedSet<UniqueAddress> _settled = []; // Who has given us theirs, in this round.
    private bool _hasView; // Of one moment, with us in it.
    private bool _selfRemoved;
    private bool _exiting;
    private bool _exitDone;
    private bool _alive;
    private long _round;
    private int _retries;

    public ClusterSingletonState At { get; private set; } = ClusterSingletonState.Start;

    private MemberStatus? SelfStatus => _selfRemoved ? MemberStatus.Removed : _elders.Find(self)?.Status;

    private bool SelfIsOut => SelfStatus is MemberStatus.Down or MemberStatus.Removed;

    private bool SelfLeaves => SelfIsOut || _exiting || SelfStatus is MemberStatus.Exiting;

    /// <summary>The oldest that stays.</summary>
    private UniqueAddress? Oldest => _exiting && _elders.Oldest?.UniqueAddress == self
        ? _elders.Without(self).Oldest?.UniqueAddress
        : _elders.Oldest?.UniqueAddress;

    /// <summary>Who may run it, for all we know, beside us.</summary>
    private ImmutableSortedSet<UniqueAddress> Suspects => _elders.Before(self).Where(m => !Elders.MayRun(m.Status))
        .Select(m => m.UniqueAddress).ToImmutableSortedSet()
        .Union(_lingering).Union(_granted).Except(_settled);

    public ImmutableArray<Effect> Step(IInput input)
    {
        _effects.Clear();
        switch (input)
        {
            case Snapshot(var members): See(members); break;
            case Changed(var member): _elders = _elders.With(member); break;
            case Removed(var member): Remove(member); break;
            case MarginOver(var node):
                _lingering = _lingering.Remove(node);
                _granted = _granted.Remove(node);
                break;
            case HandOver.SelfExiting: _exiting = true; break;
            case SingletonStopped: Stopped(); break;
            case RetryTick: Retried(); break;
            case Heard(ToMe asked): Asked(asked.From, asked.Round); break;
            case Heard(Finished done): Settled(done); break;
            case Heard(TakeOverFromMe offer): Offered(offer.From); break;
            default: break; // InProgress: it takes its time.
        }
        Reconsider();
        return [.. _effects];
    }

    private void See(ImmutableArray<Member> members)
    {
        _elders = Elders.Of(role, members);
        _hasView |= _elders.Find(self) is not null;
    }

    private void Remove(Member member)
    {
        var node = member.UniqueAddress;
        if (node == self) _selfRemoved = true;
        var older = _elders.HasRole(member) && (_elders.Find(self) is not { } own || !own.IsOlderThan(member));
        _elders = _elders.Without(node);
        _askers.Remove(node);
        if (node == self || (!older && !_granted.Contains(node))) return;
        if (older) _lingering = _lingering.Add(node);
        _effects.Add(new AwaitMargin(node));
    }

    private void Asked(UniqueAddress asker, long round)
    {
        // Whoever is on its way out must not get it, though it may not know yet.
        if (asker == self || _elders.Find(asker) is not { } member || !Elders.MayRun(member.Status)) return;
        switch (At)
        {
            case ClusterSingletonState.BecomingOldest:
                return; // Two that both ask, and both answer, would both start. Who is right, the next view tells.
            case ClusterSingletonState.Oldest or ClusterSingletonState.WasOldest
                or ClusterSingletonState.HandingOver or ClusterSingletonState.Stopping:
                _askers[asker] = round;
                _effects.Add(new Send(asker, new InProgress(self)));
                if (At is ClusterSingletonState.Oldest or ClusterSingletonState.WasOldest)
                    GiveUp(ClusterSingletonState.HandingOver);
                return;
            default:
                Grant(asker, round);
                return;
        }
    }

    private void Grant(UniqueAddress asker, long round)
    {
        _granted = _granted.Add(asker);
        _effects.Add(new Send(asker, new Finished(self, round)));
    }

    private void Settled(Finished done)
    {
        if (At != ClusterSingletonState.BecomingOldest || done.Round != _round) return;
        _settled = _settled.Add(done.From);
        _granted = _granted.Remove(done.From);
    }

    private void Offered(UniqueAddress from)
    {
        if (At == ClusterSingletonState.BecomingOldest && Suspects.Contains(from))
            _effects.Add(new Send(from, new ToMe(self, _round)));
    }

    private void Retried()
    {
        _retries++;
        if (At == ClusterSingletonState.BecomingOldest)
        {
            Ask();
            if (_retries == maxRetries)
                _effects.Add(new Warn($"waits for {string.Join(", ", Suspects)}, which may run it and does not answer"));
        }
        else if (At == ClusterSingletonState.WasOldest && _retries < maxRetries)
            _effects.Add(new Send(Oldest!, new TakeOverFromMe(self)));
        else if (At == ClusterSingletonState.WasOldest)
        {
            _effects.Add(new Warn($"is stopped: {Oldest} has not asked for it"));
            GiveUp(ClusterSingletonState.HandingOver);
        }
    }

    private void Ask()
    {
        foreach (var node in Suspects.Except(_lingering)) _effects.Add(new Send(node, new ToMe(self, _round)));
    }

    private void Stopped()
    {
        _alive = false;
        if (At is ClusterSingletonState.HandingOver or ClusterSingletonState.Stopping) Ended();
    }

    private void GiveUp(ClusterSingletonState by)
    {
        _effects.Add(new Retry(On: false));
        At = by;
        if (_alive) _effects.Add(new StopSingleton());
        else Ended();
    }

    private void Ended()
    {
        foreach (var (asker, round) in _askers) Grant(asker, round);
        _askers.Clear();
        At = SelfLeaves ? ClusterSingletonState.End : ClusterSingletonState.Younger;
    }

    private void Reconsider()
    {
        switch (At)
        {
            // A single event may tell that we are Up before others tell who is older; a view has all.
            case ClusterSingletonState.Start when _hasView:
                At = ClusterSingletonState.Younger;
                Claim();
                break;
            case ClusterSingletonState.Younger or ClusterSingletonState.BecomingOldest:
                Claim();
                break;
            case ClusterSingletonState.Oldest or ClusterSingletonState.WasOldest:
                Keep();
                break;
            default: break;
        }
        var runs = At is ClusterSingletonState.Oldest or ClusterSingletonState.WasOldest
            or ClusterSingletonState.HandingOver or ClusterSingletonState.Stopping;
        if (runs) return;
        if (_exiting && !_exitDone)
        {
            _exitDone = true;
            _effects.Add(new ExitDone());
        }
        if (_selfRemoved) _effects.Add(new StopManager());
    }

    private void Claim()
    {
        if (Oldest != self)
        {
            if (At == ClusterSingletonState.BecomingOldest) _effects.Add(new Retry(On: false));
            At = SelfLeaves ? ClusterSingletonState.End : ClusterSingletonState.Younger;
        }
        else if (At == ClusterSingletonState.Younger && !Suspects.IsEmpty)
        {
            At = ClusterSingletonState.BecomingOldest;
            (_round, _retries, _settled) = (_round + 1, 0, []);
            Ask();
            _effects.Add(new Retry(On: true));
        }
        else if (Suspects.IsEmpty)
        {
            if (At == ClusterSingletonState.BecomingOldest) _effects.Add(new Retry(On: false));
            At = ClusterSingletonState.Oldest;
            _alive = true;
            _effects.Add(new StartSingleton());
        }
    }

    private void Keep()
    {
        if (SelfIsOut) GiveUp(ClusterSingletonState.Stopping);
        else if (Oldest == self && At == ClusterSingletonState.WasOldest)
        {
            At = ClusterSingletonState.Oldest;
            _effects.Add(new Retry(On: false));
        }
        else if (Oldest is null) GiveUp(ClusterSingletonState.HandingOver);
        else if (Oldest != self && At == ClusterSingletonState.Oldest)
        {
            At = ClusterSingletonState.WasOldest;
            _retries = 0;
            _effects.Add(new Send(Oldest, new TakeOverFromMe(self)));
            _effects.Add(new Retry(On: true));
        }
    }
}
