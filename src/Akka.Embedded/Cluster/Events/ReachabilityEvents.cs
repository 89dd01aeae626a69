namespace Akka.Cluster;

public partial class ClusterEvent
{
    public abstract class ReachabilityEvent : IReachabilityEvent
    {
        protected ReachabilityEvent(Member member) => Member = member;

        public Member Member { get; }

        public override bool Equals(object? obj) =>
            obj is ReachabilityEvent other && other.GetType() == GetType() && Member.Equals(other.Member);
        public override int GetHashCode() => HashCode.Combine(GetType(), Member);
        public override string ToString() => $"{GetType().Name}({Member})";
    }

    /// <summary>Some member gets no answer from this one any more.</summary>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>All who did not get an answer from this member get it again.</summary>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);
}
