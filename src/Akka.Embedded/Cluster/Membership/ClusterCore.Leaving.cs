using Akka.Actor;

namespace Akka.Cluster;

internal sealed partial class ClusterCore
{
    // So that others hear of it before this node has stopped.
    private const int LastGossips = 5;
    private const int TicksDownAtMost = 4;

    private int _ticksDown;

    private void Leave(Address address)
    {
        var leaving = Gossip.Members
            .Where(m => m.Address == address && (MemberStatusRules.IsNew(m.Status) || m.Status == MemberStatus.Up))
            .Select(m => m.Copy(MemberStatus.Leaving)).ToList();
        if (leaving.Count == 0) return;
        Change(Gossip.With(leaving));
        Info($"{address} is leaving");
        Publish();
        _effects.Add(new CoreEffect.GossipNow(1));
    }

    private void Down(Address address)
    {
        var members = Gossip.Members.Where(m => m.Address == address).ToList();
        if (members.Count == 0) Info($"Can't down {address}: it is no member");
        foreach (var member in members) Down(member);
    }

    private void Down(Member member)
    {
        if (member.Status == MemberStatus.Down) return;
        Change(Gossip.With(member.Copy(MemberStatus.Down)));
        Warn($"Marks {member} as Down");
        Publish();
        if (member.UniqueAddress == _self) _effects.Add(new CoreEffect.GossipNow(LastGossips));
    }

    private void ExitIfExiting()
    {
        if (!_exiting && Gossip.StatusOf(_self) == MemberStatus.Exiting) StartExiting();
    }

    private void StartExiting()
    {
        _exiting = true;
        _effects.Add(new CoreEffect.Exit());
    }

    /// <summary>The system has finished: a good-bye to those who may remove this node, and the end.</summary>
    private void ExitingCompleted()
    {
        Info("Has left");
        _exiting = false;
        SetGossip(Gossip.SeenAlsoBy(_self));
        Publish();
        _effects.Add(new CoreEffect.GossipNow(LastGossips));
        var others = Gossip.Members.Where(m => m.UniqueAddress != _self).ToList();
        for (var i = 0; i < 2 && State.LeaderOf(others) is { } leader; i++)
        {
            Send(leader, new ExitingConfirmed(_self));
            others.RemoveAll(m => m.UniqueAddress == leader);
        }
        ShutDown();
    }

    /// <summary>A downed node stops once all who are still there know, so that others who were downed hear of it too.</summary>
    private void ShutDownIfDown()
    {
        if (Gossip.StatusOf(_self) != MemberStatus.Down) return;
        var allKnow = Gossip.Members.Where(m => m.Status == MemberStatus.Down).All(m =>
            Gossip.SeenBy(m.UniqueAddress) || !Gossip.Reachability.IsReachable(m.UniqueAddress));
        if (!allKnow && ++_ticksDown < TicksDownAtMost) return;
        Warn("Has been downed: shuts itself down");
        _effects.Add(new CoreEffect.GossipNow(LastGossips));
        ShutDown();
    }
}
