namespace Akka.Actor;

/// <summary>Timers of one incarnation of an actor: messages to itself, by key. A new timer of a key replaces the old one,
/// whose message can't arrive any more. All end with the incarnation.</summary>
public interface ITimerScheduler
{
    IReadOnlyCollection<object> ActiveTimers { get; }
    bool IsTimerActive(object key);
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);
    void StartSingleTimer(object key, object msg, TimeSpan timeout);
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);
    void Cancel(object key);
    void CancelAll();
}

/// <summary>An actor with timers; the runtime sets them once it is constructed.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}
