using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>Stands in front of one child: passes messages on to it, and what it says to their senders.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    internal BackoffSupervisorBase(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        IBackoffReset reset, double randomFactor,
        object? replyWhileStopped, Func<object, bool>? finalStopMessage)
    {
        ChildProps = childProps;
        ChildName = childName;
        MinBackoff = minBackoff;
        MaxBackoff = maxBackoff;
        Reset = reset;
        RandomFactor = randomFactor;
        ReplyWhileStopped = replyWhileStopped;
        FinalStopMessage = finalStopMessage;
    }

    protected Props ChildProps { get; }
    protected string ChildName { get; }
    protected IBackoffReset Reset { get; }
    protected object? ReplyWhileStopped { get; }
    protected Func<object, bool>? FinalStopMessage { get; }
    protected IActorRef? Child { get; set; }
    protected int RestartCountN { get; set; }
    protected bool FinalStopMessageReceived { get; set; }
    private protected TimeSpan MinBackoff { get; }
    private protected TimeSpan MaxBackoff { get; }
    private protected double RandomFactor { get; }

    protected override void PreStart()
    {
        StartChild();
        base.PreStart();
    }

    protected bool HandleBackoff(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.StartChild:
                StartChild();
                if (Reset is AutoReset auto)
                    Context.System.Scheduler.ScheduleTellOnce(auto.ResetBackoff, Self,
                        new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
                return true;
            case BackoffSupervisor.Reset:
                if (Reset is ManualReset) RestartCountN = 0;
                else Unhandled(message);
                return true;
            case BackoffSupervisor.ResetRestartCount reset:
                if (reset.Current == RestartCountN) RestartCountN = 0; // It has lived long enough since that start.
                return true;
            case BackoffSupervisor.GetRestartCount:
                Sender.Tell(new BackoffSupervisor.RestartCount(RestartCountN));
                return true;
            case BackoffSupervisor.GetCurrentChild:
                Sender.Tell(new BackoffSupervisor.CurrentChild(Child!));
                return true;
            default:
                Relay(message);
                return true;
        }
    }

    /// <summary>Starts the child again after a while, or gives up.</summary>
    private protected void StartLater(int maxNrOfRetries)
    {
        Child = null;
        var restarts = RestartCountN + 1;
        if (FinalStopMessageReceived || (maxNrOfRetries >= 0 && restarts > maxNrOfRetries))
        {
            Context.Stop(Self);
            return;
        }
        var delay = BackoffSupervisor.CalculateDelay(RestartCountN, MinBackoff, MaxBackoff, RandomFactor,
            Context.System.Settings.Random);
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, BackoffSupervisor.StartChild.Instance, Self);
        RestartCountN = restarts;
    }

    private void StartChild()
    {
        if (Child is null) Child = Context.Watch(Context.ActorOf(ChildProps, ChildName));
    }

    private void Relay(object message)
    {
        if (Child is { } child && child.Equals(Sender))
        {
            Context.Parent.Forward(message); // The parent shall not notice that we stand in between.
            return;
        }
        if (FinalStopMessage?.Invoke(message) == true) FinalStopMessageReceived = true;
        if (Child is not null) Child.Forward(message);
        else if (ReplyWhileStopped is not null) Sender.Tell(ReplyWhileStopped);
        else Context.System.DeadLetters.Forward(message);
        if (FinalStopMessageReceived && Child is null) Context.Stop(Self);
    }
}

/// <summary>Starts its child again after a growing delay when it has stopped.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly SupervisorStrategy _strategy;

    public BackoffSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
        : this(childProps, childName, minBackoff, maxBackoff, new AutoReset(minBackoff), randomFactor,
            Actor.SupervisorStrategy.DefaultStrategy)
    { }

    public BackoffSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, IBackoffReset reset,
        double randomFactor,
        SupervisorStrategy strategy, object? replyWhileStopped = null, Func<object, bool>? finalStopMessage = null)
        : base(childProps, childName, minBackoff, maxBackoff, reset, randomFactor, replyWhileStopped, finalStopMessage) =>
            _strategy = strategy;

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor));

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor,
        int maxNrOfRetries) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries));

    public static Props Props(BackoffOptions options) => options.Props;

    public static Props PropsWithSupervisorStrategy(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, SupervisorStrategy strategy) =>
        Actor.Props.Create(() => new BackoffSupervisor(childProps, childName, minBackoff, maxBackoff, new AutoReset(minBackoff),
            randomFactor, strategy, null, null));

    protected override SupervisorStrategy SupervisorStrategy() => _strategy;

    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child)) return HandleBackoff(message);
        StartLater((_strategy as OneForOneStrategy)?.MaxNumberOfRetries ?? -1);
        return true;
    }

    /// <summary>Doubles with each restart, from the least to the most, and a random part on top.</summary>
    internal static TimeSpan CalculateDelay(int restartCount, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor,
        Random source)
    {
        var random = 1.0 + (source.NextDouble() * randomFactor);
        if (restartCount >= 30) return maxBackoff; // Doubled for long enough.
        var delay = Math.Min(maxBackoff.Ticks, minBackoff.Ticks * Math.Pow(2, restartCount)) * random;
        return TimeSpan.FromTicks((long)Math.Min(delay, maxBackoff.Ticks));
    }

    /// <summary>Asks for <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild() { }
    }

    /// <summary>The child; null while there is none.</summary>
    public sealed class CurrentChild(IActorRef @ref)
    {
        public IActorRef Ref { get; } = @ref;
    }

    /// <summary>From the child: all is well, begin again with the least delay.</summary>
    public new sealed class Reset
    {
        public static readonly Reset Instance = new();

        private Reset() { }
    }

    /// <summary>Asks for <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount() { }
    }

    public sealed class RestartCount(int count)
    {
        public int Count { get; } = count;
    }

    public sealed class StartChild : IDeadLetterSuppression
    {
        public static readonly StartChild Instance = new();

        private StartChild() { }
    }

    public sealed class ResetRestartCount(int current) : IDeadLetterSuppression
    {
        public int Current { get; } = current;
    }
}

/// <summary>Restarts its child after a growing delay when it has failed, and stops when it has stopped.</summary>
internal sealed class BackoffOnRestartSupervisor : BackoffSupervisorBase
{
    private readonly OneForOneStrategy _strategy;
    private bool _restarting;

    public BackoffOnRestartSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        IBackoffReset reset, double randomFactor,
        OneForOneStrategy strategy, object? replyWhileStopped, Func<object, bool>? finalStopMessage)
        : base(childProps, childName, minBackoff, maxBackoff, reset, randomFactor, replyWhileStopped, finalStopMessage) =>
            _strategy = strategy;

    // Where the user's strategy says restart, the child is stopped, and started again later.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, cause =>
    {
        var directive = _strategy.Decider.Decide(cause);
        if (directive != Directive.Restart) return directive;
        _restarting = true;
        return Directive.Stop;
    });

    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child)) return HandleBackoff(message);
        if (_restarting) StartLater(_strategy.MaxNumberOfRetries);
        else Context.Stop(Self);
        _restarting = false;
        return true;
    }
}
