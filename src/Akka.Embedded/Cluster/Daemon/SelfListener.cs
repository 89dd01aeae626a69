using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>Runs a callback when this node has become Up, or has been removed.</summary>
internal sealed class SelfListener : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly MemberStatus _status;
    private Action? _callback;

    public SelfListener(Cluster cluster, MemberStatus status, Action callback)
    {
        _cluster = cluster;
        _status = status;
        _callback = callback;
    }

    public static Props Props(Cluster cluster, MemberStatus status, Action callback) =>
        Actor.Props.Create(() => new SelfListener(cluster, status, callback)).WithDispatcher(cluster.Settings.UseDispatcher);

    protected override void PreStart() => _cluster.Subscribe(Self, _status == MemberStatus.Up
        ? typeof(ClusterEvent.MemberUp) : typeof(ClusterEvent.MemberRemoved));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                if (state.Members.Any(m => IsSelf(m) && m.Status == _status)) Run();
                break;
            case ClusterEvent.IMemberEvent e when IsSelf(e.Member): Run(); break;
        }
    }

    protected override void PostStop()
    {
        // With the cluster's actors this node's membership ends.
        if (_status == MemberStatus.Removed) RunOnce();
        _cluster.Unsubscribe(Self);
    }

    private bool IsSelf(Member member) => member.UniqueAddress == _cluster.SelfUniqueAddress;

    private void Run()
    {
        RunOnce();
        Context.Stop(Self);
    }

    private void RunOnce()
    {
        var callback = _callback;
        _callback = null;
        try
        {
            callback?.Invoke();
        }
        catch (Exception e)
        {
            _cluster.Log.Error(e, "A callback for this node's being {0} has failed", _status);
        }
    }
}
