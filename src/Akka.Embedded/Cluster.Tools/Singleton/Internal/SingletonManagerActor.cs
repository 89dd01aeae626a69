using Akka.Actor;
using Akka.Event;
using static Akka.Cluster.Tools.Singleton.Internal.HandOver;

namespace Akka.Cluster.Tools.Singleton.Internal;

/// <summary>Runs <see cref="HandOverState"/>: feeds it with cluster events and messages of its peers, and keeps the singleton
/// as its child. Peers are the actors at the same path on other nodes.</summary>
internal sealed class SingletonManagerActor : UntypedActor, IWithTimers
{
    private readonly Props _singletonProps;
    private readonly object _terminationMessage;
    private readonly ClusterSingletonManagerSettings _settings;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly TaskCompletionSource<Done> _exited = new(Embedded.Completion.Options(Context.System.Settings));
    private readonly TimeSpan _removalMargin;
    private readonly HandOverState _state;
    private IActorRef? _singleton;

    public SingletonManagerActor(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        _singletonProps = singletonProps;
        _terminationMessage = terminationMessage;
        _settings = settings;
        if (settings.Role.Length > 0 && !_cluster.SelfRoles.Contains(settings.Role))
            throw new ArgumentException(
                $"This member has the roles [{string.Join(", ", _cluster.SelfRoles.Order())}], not [{settings.Role}]");
        _removalMargin = settings.RemovalMargin > TimeSpan.Zero
            ? settings.RemovalMargin
            : _cluster.DowningProvider.DownRemovalMargin;
        var atLeast = Context.System.Settings.Config.GetInt("akka.cluster.singleton.min-number-of-hand-over-retries");
        var retries = Math.Max(atLeast, (int)(_removalMargin / settings.HandOverRetryInterval) + 3);
        _state = new HandOverState(_cluster.SelfUniqueAddress, settings.Role, retries);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        var (self, cluster, exited) = (Self, _cluster, _exited);
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterExiting,
            $"singleton-exiting-{Self.Path.ToStringWithoutAddress()}", () =>
            {
                if (cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Down) return Task.FromResult(Done.Instance);
                self.Tell(new SelfExiting());
                return exited.Task;
            });
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _exited.TrySetResult(Done.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state: Step(new Snapshot([.. state.Members])); break;
            case ClusterEvent.MemberRemoved removed: Step(new Removed(removed.Member)); break;
            case ClusterEvent.IMemberEvent changed:
                Step(new Changed(changed.Member));
                if (_state.At == ClusterSingletonState.Start && changed.Member.UniqueAddress == _cluster.SelfUniqueAddress
                    && Elders.MayRun(changed.Member.Status)) _cluster.SendCurrentClusterState(Self);
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_singleton):
                _singleton = null;
                Step(new SingletonStopped());
                break;
            case IInput input: Step(input); break;
            case IMessage heard: Step(new Heard(heard)); break;
            default: Unhandled(message); break;
        }
    }

    private void Step(IInput input)
    {
        var before = _state.At;
        var effects = _state.Step(input);
        if (before != _state.At) _log.Info("Singleton manager: {0} -> {1}", before, _state.At);
        foreach (var effect in effects) Run(effect);
    }

    private void Run(Effect effect)
    {
        switch (effect)
        {
            case Send(var to, var message):
                Context.ActorSelection(new RootActorPath(to.Address) / Self.Path.Elements).Tell(message);
                break;
            case StartSingleton:
                _singleton = Context.Watch(Context.ActorOf(_singletonProps, _settings.SingletonName));
                break;
            case StopSingleton: _singleton!.Tell(_terminationMessage); break;
            case AwaitMargin(var node) when _removalMargin > TimeSpan.Zero:
                Timers.StartSingleTimer(node, new MarginOver(node), _removalMargin);
                break;
            case AwaitMargin(var node): Self.Tell(new MarginOver(node)); break;
            case Retry(true):
                Timers.StartPeriodicTimer(nameof(RetryTick), new RetryTick(), _settings.HandOverRetryInterval);
                break;
            case Retry(false): Timers.Cancel(nameof(RetryTick)); break;
            case ExitDone: _exited.TrySetResult(Done.Instance); break;
            case Warn(var text): _log.Warning("Singleton [{0}] {1}", Self.Path.ToStringWithoutAddress(), text); break;
            case StopManager: Context.Stop(Self); break;
            default: throw new ArgumentOutOfRangeException(nameof(effect), effect, "Unknown effect");
        }
    }
}
