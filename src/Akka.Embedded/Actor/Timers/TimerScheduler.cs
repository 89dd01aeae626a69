namespace Akka.Actor.Timers;

/// <summary>The timers of one incarnation; used in that actor only.</summary>
internal sealed class TimerScheduler(ActorBase owner, IActorContext context) : ITimerScheduler
{
    private readonly Dictionary<object, TimerMessage> _active = [];

    public ActorBase Owner => owner;
    public IReadOnlyCollection<object> ActiveTimers => _active.Keys;
    public bool IsTimerActive(object key) => _active.ContainsKey(key);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        Start(key, msg, interval, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, ActorRefs.NoSender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
        Start(key, msg, timeout, null, sender);

    public void Cancel(object key)
    {
        if (_active.Remove(key, out var timer)) timer.Cancelable.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _active.Values) timer.Cancelable.Cancel();
        _active.Clear();
    }

    /// <summary>Whether a message that has arrived is still wanted; a single timer's is the end of it.</summary>
    public bool TryTake(TimerMessage timer)
    {
        if (!_active.TryGetValue(timer.Key, out var active) || active != timer) return false;
        if (!timer.Repeats) _active.Remove(timer.Key);
        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        Cancel(key);
        var scheduler = context.System.Scheduler;
        var cancelable = new Cancelable(scheduler);
        var timer = new TimerMessage(this, key, message, interval is not null, cancelable);
        _active.Add(key, timer);
        if (interval is { } every) scheduler.ScheduleTellRepeatedly(delay, every, context.Self, timer, sender, cancelable);
        else scheduler.ScheduleTellOnce(delay, context.Self, timer, sender, cancelable);
    }
}

/// <summary>
/// Carries a timer's message through the mailbox, so that it can be dropped if the timer was cancelled meanwhile.
/// </summary>
internal sealed class TimerMessage(TimerScheduler timers, object key, object message, bool repeats, ICancelable cancelable)
    : IAutoReceivedMessage, INoSerializationVerificationNeeded, IWrappedMessage
{
    public object Key { get; } = key;
    public object Message { get; } = message;
    public bool Repeats { get; } = repeats;
    public ICancelable Cancelable { get; } = cancelable;

    /// <summary>The message, if <paramref name="actor"/> is still the incarnation that set the timer and wants it.</summary>
    public object? Take(ActorBase? actor) => ReferenceEquals(timers.Owner, actor) && timers.TryTake(this) ? Message : null;

    public override string ToString() => $"Timer({Key}, {Message})";
}

/// <summary>Gives actors their timers, and stops them at the end of the incarnation.</summary>
internal sealed class TimersPlugin : ActorProducerPluginBase
{
    public override bool CanBeAppliedTo(Type actorType) => typeof(IWithTimers).IsAssignableFrom(actorType);

    public override void AfterIncarnated(ActorBase actor, IActorContext context) =>
        ((IWithTimers)actor).Timers = new TimerScheduler(actor, context);

    public override void BeforeIncarnated(ActorBase actor, IActorContext context) => ((IWithTimers)actor).Timers?.CancelAll();
}
