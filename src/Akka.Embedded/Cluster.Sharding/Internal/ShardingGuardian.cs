using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Parent of all of sharding on a node. Remembers who was downed and removed lately: a coordinator that starts here later
/// has to leave the shards of those alone for a while.</summary>
internal sealed class ShardingGuardian : UntypedActor
{
    /// <summary>Longer than any removal margin.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IScheduler _clock = Context.System.Scheduler;
    private ImmutableArray<(Member Member, TimeSpan At)> _removed = [];

    /// <summary>Answered by <see cref="RecentlyDowned"/>.</summary>
    public sealed record GetRecentlyDowned : INoSerializationVerificationNeeded;

    /// <param name="Members">With the time since their removal.</param>
    public sealed record RecentlyDowned(ImmutableArray<(Member Member, TimeSpan Ago)> Members) : INoSerializationVerificationNeeded;

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.MemberRemoved));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down } removed:
                _removed = [.. _removed.Where(r => _clock.MonotonicClock - r.At < Memory), (removed.Member, _clock.MonotonicClock)];
                break;
            case GetRecentlyDowned:
                Sender.Tell(new RecentlyDowned([.. _removed.Select(r => (r.Member, _clock.MonotonicClock - r.At))]));
                break;
            case ClusterEvent.MemberRemoved or ClusterEvent.CurrentClusterState: break;
            default: Unhandled(message); break;
        }
    }
}
