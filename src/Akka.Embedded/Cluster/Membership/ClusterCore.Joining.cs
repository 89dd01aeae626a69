using Akka.Actor;

namespace Akka.Cluster;

internal sealed partial class ClusterCore
{
    private enum Phase
    {
        Idle,

        /// <summary>Seed nodes have been asked whether they are in a cluster.</summary>
        Searching,

        /// <summary>A node has been asked to let us in.</summary>
        Asking,
        Joined,
        Ended,
    }

    private Phase _phase = Phase.Idle;
    private IReadOnlyList<Address> _seeds = [];
    private List<Address> _silentSeeds = []; // Searching: have not refused.
    private Address? _askedNode;
    private int _searches;

    private bool IsFirstSeed => _seeds.Count > 0 && _seeds[0] == _self.Address;

    private void JoinSeedNodes(IReadOnlyList<Address> seeds)
    {
        if (_phase == Phase.Joined)
        {
            Warn("Is asked to join seed nodes, but is a member already");
            return;
        }
        if (seeds.Count == 0) return;
        _seeds = seeds;
        _searches = 0;
        Search();
    }

    private void Search()
    {
        if (_seeds.All(seed => seed == _self.Address))
        {
            JoinTo(_self.Address); // Nobody else could have formed the cluster.
            return;
        }
        _phase = Phase.Searching;
        _silentSeeds = [.. _seeds.Where(seed => seed != _self.Address)];
        _effects.Add(new CoreEffect.StartSearch());
        AskSeeds();
    }

    private void AskSeeds()
    {
        foreach (var seed in _silentSeeds) _effects.Add(new CoreEffect.Send(seed, new InitJoin(_self.Address)));
    }

    private void SeedTick()
    {
        if (_phase == Phase.Searching && IsFirstSeed) AskSeeds();
    }

    private void SeedTimeout()
    {
        if (_phase != Phase.Searching) return;
        if (IsFirstSeed)
        {
            Info("No other seed node has answered: forms a cluster");
            JoinTo(_self.Address);
            return;
        }
        Warn($"No seed node has let this node in after {++_searches} searches: {string.Join(", ", _silentSeeds)}");
        AskSeeds();
    }

    private void SeedAnswered(Address from)
    {
        if (_phase == Phase.Searching) JoinTo(from);
    }

    private void SeedRefused(Address from)
    {
        if (_phase != Phase.Searching || !IsFirstSeed) return;
        _silentSeeds.Remove(from);
        if (_silentSeeds.Count == 0) JoinTo(_self.Address); // All others are waiting for this one.
    }

    private void JoinTo(Address address)
    {
        if (_phase == Phase.Joined)
        {
            Warn($"Is asked to join {address}, but is a member already");
            return;
        }
        if (address.Protocol != _self.Address.Protocol || address.System != _self.Address.System)
        {
            Warn($"Can't join {address}: a cluster has one name and one protocol, and this node is {_self.Address}");
            return;
        }
        if (_phase == Phase.Searching) _effects.Add(new CoreEffect.StopSearch());
        if (address == _self.Address)
        {
            FormCluster();
            return;
        }
        _phase = Phase.Asking;
        _askedNode = address;
        _effects.Add(new CoreEffect.AwaitWelcome());
        _effects.Add(new CoreEffect.Send(address, new Join(_self, _roles, _version)));
    }

    private void JoinTimeout()
    {
        if (_phase != Phase.Asking) return;
        _phase = Phase.Idle;
        if (_seeds.Count > 0) Search();
        else JoinTo(_askedNode!);
    }

    /// <summary>This node can only have been let in, and given up when it fell silent: it has never heard of either, as the
    /// welcome was lost. Nobody lets this incarnation in any more. What members do about it, the downing provider decides.</summary>
    private void QuarantinedBy(Address address)
    {
        if (_phase is not (Phase.Searching or Phase.Asking)) return;
        Warn($"{address} has removed this node, which had not heard yet that it was let in: it has to restart");
        ShutDown();
    }

    private void FormCluster()
    {
        Info("Forms a cluster by joining itself");
        BecomeMember();
        Change(Gossip.With(Member.Joining(_self, _roles, _version)));
        LeaderActions(); // At once, so that nobody can be older.
        Publish();
    }

    private void Welcomed(Welcome welcome)
    {
        if (_phase != Phase.Asking) return; // A second answer.
        if (welcome.From.Address != _askedNode)
        {
            Info($"Ignores a welcome of {welcome.From}: {_askedNode} was asked");
            return;
        }
        if (!welcome.Gossip.Has(_self)) return; // Meant for an earlier incarnation.
        Info($"Is let in by {welcome.From}");
        BecomeMember();
        SetGossip(welcome.Gossip.SeenAlsoBy(_self));
        Publish();
        DownFormerSelf();
        GossipTo(welcome.From);
    }

    private void BecomeMember()
    {
        _phase = Phase.Joined;
        _effects.Add(new CoreEffect.Joined());
    }

    private void AnswerInitJoin(Address from)
    {
        var ready = IsMember && !MemberStatusRules.IsGoing(Gossip.StatusOf(_self));
        _effects.Add(new CoreEffect.Send(from, ready ? new InitJoinAck(_self.Address) : new InitJoinNack(_self.Address)));
    }

    private void LetIn(Join join)
    {
        var node = join.Node;
        if (node.Address.Protocol != _self.Address.Protocol || node.Address.System != _self.Address.System)
        {
            Warn($"Does not let {node} in: a cluster has one name and one protocol, and this node is {_self.Address}");
            return;
        }
        if (MemberStatusRules.IsGoing(Gossip.StatusOf(_self)))
        {
            Info($"Does not let {node} in: this node is on its way out itself");
            return;
        }
        if (Gossip.Tombstones.ContainsKey(node))
        {
            Info($"Does not let {node} in again: it has to restart");
            _effects.Add(new CoreEffect.Quarantine(node)); // Who has removed it need not be there any more to tell it.
            return;
        }
        if (Gossip.Has(node))
        {
            if (node != _self) Send(node, new Welcome(_self, Gossip)); // The first welcome was lost.
        }
        else if (Gossip.Members.FirstOrDefault(m => m.Address == node.Address) is { } former) Replace(former, node);
        else Add(join);
    }

    private void Add(Join join)
    {
        _effects.Add(new CoreEffect.Forget(join.Node.Address));
        Change(Gossip.With(Member.Joining(join.Node, join.Roles, join.AppVersion)));
        Info($"{join.Node} is joining");
        Send(join.Node, new Welcome(_self, Gossip));
        Publish();
    }

    /// <summary>The node has restarted: its former self has to go first, then it may ask again.</summary>
    private void Replace(Member former, UniqueAddress node)
    {
        Info($"{node} is a new incarnation of {former}, which is downed; it is let in after that one's removal");
        Terminated(former);
    }

    /// <summary>Two nodes may each have let in another incarnation of this one, before they heard from each other.</summary>
    private void DownFormerSelf()
    {
        foreach (var former in Gossip.Members.Where(m => m.Address == _self.Address && m.UniqueAddress != _self).ToList())
            Terminated(former);
    }

    private void Terminated(Member member)
    {
        var reachability = Gossip.Reachability.With(_self, member.UniqueAddress, ReachabilityStatus.Terminated);
        if (ReferenceEquals(reachability, Gossip.Reachability)) return; // And so downed too.
        Change(Gossip with { Reachability = reachability });
        Publish();
        Down(member);
    }
}
