using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>Leaving: by request, by an administrator, or because nothing was heard of the member.</summary>
public sealed partial class Group
{
    private void On(GroupInput.Leave leave)
    {
        if (State is GroupState.Dead)
        {
            Reply(leave.ReplyTo, new GroupReply.Left(ErrorCode.CoordinatorNotAvailable, []));
            return;
        }
        var members = _members.Count;
        Reply(leave.ReplyTo, new GroupReply.Left(ErrorCode.None, [.. leave.Leavers.Select(Leave)]));
        // Once for all of them. An id that was only given out held up nobody but those who wait for everyone.
        if (_members.Count < members) ContinueWithout();
        else if (State is GroupState.PreparingRebalance) CompleteJoinIfAllAreHere();
    }

    private ErrorCode Leave(GroupInput.Leaver leaver)
    {
        if (leaver.InstanceId is null && _members.Pending.Remove(leaver.MemberId))
        {
            Cancel(new GroupTimer.Member(leaver.MemberId));
            return ErrorCode.None;
        }
        if (leaver is { MemberId: "", InstanceId: { } instance })
        {
            if (!_members.TryGetInstance(instance, out var named)) return ErrorCode.UnknownMemberId;
            Remove(named, ErrorCode.UnknownMemberId);
            return ErrorCode.None;
        }
        var error = Check(leaver.MemberId, leaver.InstanceId);
        if (error is ErrorCode.None)
            Remove(_members[leaver.MemberId], ErrorCode.UnknownMemberId);
        return error;
    }

    private void MemberTimedOut(string memberId)
    {
        if (_members.Pending.Remove(memberId))
        {
            if (State is GroupState.PreparingRebalance) CompleteJoinIfAllAreHere();
        }
        else if (_members.TryGet(memberId, out var member))
        {
            Invariant.Holds(!member.IsParked || member.IsNew);
            Remove(member, ErrorCode.UnknownMemberId);
            ContinueWithout();
        }
    }

    /// <param name="error">What it is told, should it wait for something.</param>
    private void Remove(Member member, ErrorCode error)
    {
        AnswerParked(member, error);
        Cancel(member.Timer);
        _members.Remove(member);
    }
}
