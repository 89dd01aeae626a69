namespace Akka.Cluster;

internal sealed partial class ClusterCore
{
    private int _ticksWithoutConvergence;
    private long _nowMs;

    private void LeaderTick(long nowMs)
    {
        _nowMs = nowMs;
        SetGossip(Gossip.PruneTombstones(nowMs - _rules.TombstonesKeptMs));
        if (State.IsLeader)
        {
            if (State.Convergence(_exitingConfirmed)) LeaderActions();
            else WithoutConvergence();
        }
        ShutDownIfDown();
    }

    /// <summary>All agree: newcomers are let in, who leaves is let go, and who has gone is removed.</summary>
    private void LeaderActions()
    {
        _ticksWithoutConvergence = 0;
        var removed = Gossip.Members.Where(IsToBeRemoved).ToList();
        var changed = NextStates().ToList();
        if (removed.Count == 0 && changed.Count == 0) return;

        var next = Gossip.With(changed).Without([.. removed.Select(m => m.UniqueAddress)], _nowMs);
        if (!_exiting && next.StatusOf(_self) == MemberStatus.Exiting) StartExiting();
        Change(next);
        foreach (var member in changed) Info($"Leader moves {member.UniqueAddress} to {member.Status}");
        foreach (var member in removed) Info($"Leader removes {member}");
        Publish();
        var exiting = changed.Where(m => m.Status == MemberStatus.Exiting).ToList();
        if (exiting.Count > 0) TellOldestOf(exiting);
    }

    private bool IsToBeRemoved(Member member) => MemberStatusRules.IsGoing(member.Status)
        && member.UniqueAddress != _self
        && (!State.Reachability.IsReachable(member.UniqueAddress)
            || (member.Status == MemberStatus.Exiting && _exitingConfirmed.Contains(member.UniqueAddress)));

    private IEnumerable<Member> NextStates()
    {
        var enough = HasEnoughMembers();
        var upNumber = Gossip.Members.Select(m => m.UpNumber).Where(n => n != int.MaxValue).DefaultIfEmpty(0).Max();
        foreach (var member in Gossip.Members)
        {
            if (MemberStatusRules.IsNew(member.Status) && enough) yield return member.CopyUp(++upNumber);
            else if (member.Status == MemberStatus.Leaving) yield return member.Copy(MemberStatus.Exiting);
        }
    }

    private bool HasEnoughMembers()
    {
        var members = Gossip.Members.Where(m => !MemberStatusRules.IsGoing(m.Status)).ToList();
        return members.Count >= _rules.MinNrOfMembers
            && _rules.MinNrOfMembersOfRole.All(role => members.Count(m => m.HasRole(role.Key)) >= role.Value);
    }

    /// <summary>Those of the oldest who run what the leaving ones hand over should know at once.</summary>
    private void TellOldestOf(IReadOnlyCollection<Member> exiting)
    {
        var targets = exiting.SelectMany(m => m.Roles).Distinct().Order(StringComparer.Ordinal)
            .Select(role => Gossip.Members.Where(m => m.HasRole(role) && !exiting.Contains(m)))
            .Append(Gossip.Members.Where(m => !exiting.Contains(m)))
            .SelectMany(members => members.Order(Member.AgeOrdering).Take(2))
            .Concat(exiting)
            .Select(m => m.UniqueAddress).Distinct();
        foreach (var node in targets.Where(State.IsGossipTarget).ToList()) GossipTo(node);
    }

    /// <summary>Somebody can't be asked: after a while newcomers are let in provisionally.</summary>
    private void WithoutConvergence()
    {
        if (++_ticksWithoutConvergence < _rules.WeaklyUpAfterTicks || _rules.WeaklyUpAfterTicks is null) return;
        if (!HasEnoughMembers()) return;
        var weaklyUp = Gossip.Members
            .Where(m => m.Status == MemberStatus.Joining && State.Reachability.IsReachable(m.UniqueAddress))
            .Select(m => m.Copy(MemberStatus.WeaklyUp)).ToList();
        if (weaklyUp.Count == 0) return;
        Change(Gossip.With(weaklyUp));
        foreach (var member in weaklyUp) Info($"Leader moves {member.UniqueAddress} to WeaklyUp: there is no convergence");
        Publish();
    }
}
