using System.Collections.Immutable;
using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Controller;

/// <summary>What a <see cref="ControllerNode"/> works with.</summary>
/// <param name="Supervisor">Runs the controller.</param>
/// <param name="Watch">Tells it <see cref="BrokersSeen"/>.</param>
/// <param name="Interval">After which the controller says again where it is.</param>
/// <param name="Nodes">Paths of the voters' nodes, be they in this cluster or not.</param>
/// <param name="GiveWay">Told of a broker in another cluster that this one has to give way to.</param>
internal sealed record ControllerNodeParts(
    Props Supervisor, Props Watch, ImmutableArray<BrokerId> Voters, TimeSpan Interval,
    ImmutableDictionary<BrokerId, string> Nodes, Action<BrokerId> GiveWay, ILogger Log);

/// <summary>
/// <c>/user/controller</c> on each broker of a cluster: runs the controller while <see cref="Core.Controller.ControllerSeat"/>
/// says that it belongs here, and passes on what this broker asks of the controller, wherever that is.
/// </summary>
/// <remarks>The controller says where it is, so brokers need not agree on who should be it. Of two the one with the higher epoch
/// counts: it has won the voters from the other.</remarks>
internal sealed class ControllerNode : ReceiveActor, IWithTimers
{
    public const string Name = "controller";

    /// <summary>So many requests wait until a controller is known. What is dropped is asked again, as is what is lost on the
    /// way.</summary>
    private const int MaxWaiting = 1000;

    /// <summary>Intervals without a majority of the voters after which those that are not in this cluster are looked
    /// for.</summary>
    private const int SeekAfter = 4;

    /// <summary>Such searches after which it is said again whom the cluster lacks.</summary>
    private const int SeeksPerWarning = 5;

    private readonly ControllerNodeParts _parts;
    private readonly Queue<(Request Request, IActorRef Sender)> _waiting = new();
    private (Follow Message, IActorRef Sender)? _lastFollow;
    private BrokersSeen? _seen;
    private bool _hasSeat;
    private int _lonely;
    private bool _hasGivenWay;

    /// <summary>Also while it stops.</summary>
    private IActorRef _supervisor = ActorRefs.Nobody;

    /// <summary>The controller that runs here.</summary>
    private ControllerSupervisor.Started? _own;

    private IActorRef _controller = ActorRefs.Nobody;
    private Epoch _epoch = Epoch.None;

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    public static Props Props(ControllerNodeParts parts) => Akka.Actor.Props.Create(() => new ControllerNode(parts));

    public ControllerNode(ControllerNodeParts parts)
    {
        _parts = parts;
        Receive<BrokersSeen>(See);
        Receive<Terminated>(_ =>
        {
            _supervisor = ActorRefs.Nobody;
            ForgetOwn();
            if (_hasSeat) StartSupervisor();
        });
        Receive<ControllerSupervisor.Started>(
            started =>
            {
                _own = started;
                Announce();
            },
            _ => Sender.Equals(_supervisor));
        Receive<ControllerSupervisor.Ended>(_ => ForgetOwn(), _ => Sender.Equals(_supervisor));
        Receive<Tick>(_ =>
        {
            Announce();
            SeekOthers();
        });
        Receive<SeekCluster>(Answer);
        Receive<OtherCluster>(other =>
        {
            if (_hasGivenWay || _lonely == 0) return;
            _hasGivenWay = true;
            parts.GiveWay(other.Broker);
        });
        Receive<Leads>(Hear);
        Receive<Request>(request =>
        {
            if (!_controller.IsNobody())
            {
                _controller.Forward(request);
                return;
            }
            _waiting.Enqueue((request, Sender));
            if (_waiting.Count > MaxWaiting) _waiting.Dequeue();
        });
        Receive<Follow>(follow =>
        {
            _lastFollow = (follow, Sender);
            _controller.Forward(follow);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.ActorOf(_parts.Watch, "watch");
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, _parts.Interval);
    }

    private void See(BrokersSeen seen)
    {
        _seen = seen;
        var address = _controller.Path.Address;
        if (!address.HasLocalScope && !seen.IsInReach(address)) _controller = ActorRefs.Nobody;
        _hasSeat = seen.HasSeat(_parts.Voters);
        if (_supervisor.IsNobody())
        {
            if (_hasSeat) StartSupervisor();
        }
        else if (_hasSeat)
        {
            _supervisor.Tell(seen.ToReach());
        }
        else
        {
            // What it has begun is stored or not; whoever comes next finds out. The next one here starts when it has ended.
            ForgetOwn();
            Context.Stop(_supervisor);
        }
    }

    private void ForgetOwn()
    {
        if (_controller.Equals(_own?.Controller)) _controller = ActorRefs.Nobody;
        _own = null;
    }

    private void StartSupervisor()
    {
        _supervisor = Context.Watch(Context.ActorOf(_parts.Supervisor));
        _supervisor.Tell(_seen!.ToReach());
    }

    private void Announce()
    {
        if (_own is not { } own || _seen is null) return;
        foreach (var (address, node) in _seen.OldestFirst)
        {
            if (!node.IsInReach) continue;
            if (address == _seen.Self) Self.Tell(new Leads(own.Epoch), own.Controller);
            else Context.ActorSelection(new RootActorPath(address) / "user" / Name).Tell(new Leads(own.Epoch), own.Controller);
        }
    }

    /// <summary>A cluster without a majority of the voters waits for them; perhaps in vain, as they have formed another
    /// one.</summary>
    private void SeekOthers()
    {
        if (_seen is null || !_seen.IsMember || OwnVoters() is var own && own.Length > _parts.Voters.Length / 2)
        {
            _lonely = 0;
            return;
        }
        if (++_lonely % SeekAfter != 0) return;
        var missing = _parts.Voters.Where(voter => _seen.OldestFirst.All(seen => seen.Node.Broker != voter)).ToList();
        foreach (var voter in missing) Context.ActorSelection(_parts.Nodes[voter]).Tell(new SeekCluster(own));
        if (_lonely / SeekAfter % SeeksPerWarning == 1)
            ControllerLog.LacksMajority(_parts.Log, string.Join(", ", own), string.Join(", ", _parts.Voters.Except(own)));
    }

    private void Answer(SeekCluster seek)
    {
        // Views of one cluster differ for a while: no stranger is who is in this one's.
        if (_seen is null || !_seen.IsMember || _seen.OldestFirst.Any(seen => seen.Address == Sender.Path.Address)) return;
        if (TwoClusters.MustStop(seek.Voters, OwnVoters())) Sender.Tell(new OtherCluster(_seen.SelfBroker!.Value));
    }

    private ImmutableArray<BrokerId> OwnVoters() =>
        [.. _parts.Voters.Where(voter => _seen!.OldestFirst.Any(seen => seen.Node.Broker == voter && seen.Node.IsInReach))];

    private void Hear(Leads leads)
    {
        if (leads.Epoch < _epoch || _controller.Equals(Sender)) return;
        (_epoch, _controller) = (leads.Epoch, Sender);
        // Its first sign of life: until then it can't tell this broker anything.
        if (_lastFollow is var (follow, follower)) _controller.Tell(follow, follower);
        while (_waiting.TryDequeue(out var waiting)) _controller.Tell(waiting.Request, waiting.Sender);
    }
}
