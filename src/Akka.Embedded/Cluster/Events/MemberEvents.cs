namespace Akka.Cluster;

public partial class ClusterEvent
{
    /// <summary>A member has changed its state.</summary>
    public abstract class MemberStatusChange : IMemberEvent
    {
        protected readonly Member _member;

        protected MemberStatusChange(Member member, MemberStatus validStatus)
        {
            if (member.Status != validStatus)
                throw new ArgumentException($"The status of {member} must be {validStatus}.", nameof(member));
            _member = member;
        }

        public Member Member => _member;

        // Members are equal by incarnation only; an event is about a state of it.
        public override bool Equals(object? obj) => obj is MemberStatusChange other && other.GetType() == GetType()
            && _member.Equals(other._member) && _member.Status == other._member.Status;

        public override int GetHashCode() => HashCode.Combine(_member, _member.Status);
        public override string ToString() => $"{GetType().Name}({_member})";
    }

    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    public sealed class MemberWeaklyUp(Member member) : MemberStatusChange(member, MemberStatus.WeaklyUp);

    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>The member is gone: after Exiting in good order, after Down by decision.</summary>
    public sealed class MemberRemoved(Member member, MemberStatus previousStatus)
        : MemberStatusChange(member, MemberStatus.Removed)
    {
        public MemberStatus PreviousStatus { get; } = previousStatus;

        public override bool Equals(object? obj) =>
            base.Equals(obj) && ((MemberRemoved)obj!).PreviousStatus == PreviousStatus;
        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), PreviousStatus);
        public override string ToString() => $"MemberRemoved({_member}, was {PreviousStatus})";
    }
}
