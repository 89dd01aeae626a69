using Akka.Actor;

namespace Akka.Pattern;

/// <summary>When the count of restarts goes back to zero.</summary>
public interface IBackoffReset;

internal sealed record ManualReset : IBackoffReset;

internal sealed record AutoReset(TimeSpan ResetBackoff) : IBackoffReset;

/// <summary>Options of a supervisor that starts its child again after a growing delay.</summary>
public static class Backoff
{
    /// <summary>For children that fail.</summary>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor) =>
        OnFailure(childProps, childName, minBackoff, maxBackoff, randomFactor, -1);

    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) =>
        new BackoffSettings(onStop: false, childProps, childName, minBackoff, maxBackoff,
            randomFactor).WithMaxNrOfRetries(maxNrOfRetries);

    /// <summary>For children that stop, as persistent actors do when their journal fails.</summary>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor) =>
        OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, -1);

    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) =>
        new BackoffSettings(onStop: true, childProps, childName, minBackoff, maxBackoff,
            randomFactor).WithMaxNrOfRetries(maxNrOfRetries);
}

/// <summary>How a <see cref="BackoffSupervisor"/> treats its child.</summary>
public abstract class BackoffOptions
{
    /// <summary>The count of restarts goes back to zero when the child has lived for this long.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>The count of restarts goes back to zero when the child sends <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>A failure always stops the child.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>After so many restarts the supervisor gives up and stops; negative: never.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>Answer to messages that come while there is no child; else they are dead letters.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>A child that stops after such a message is not started again; the supervisor stops too.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);

    internal abstract Props Props { get; }
}

internal sealed class BackoffSettings(bool onStop, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
    double randomFactor) : BackoffOptions
{
    private IBackoffReset? _reset;
    private OneForOneStrategy _strategy = new(SupervisorStrategy.DefaultDecider);
    private object? _replyWhileStopped;
    private Func<object, bool>? _finalStopMessage;

    internal override Props Props
    {
        get
        {
            if (minBackoff <= TimeSpan.Zero) throw new ArgumentException("minBackoff must be > 0", nameof(minBackoff));
            if (maxBackoff < minBackoff) throw new ArgumentException("maxBackoff must be >= minBackoff", nameof(maxBackoff));
            if (randomFactor is < 0.0 or > 1.0)
                throw new ArgumentException("randomFactor must be between 0.0 and 1.0", nameof(randomFactor));
            var reset = _reset ?? new AutoReset(minBackoff);
            return onStop
                ? Props.Create(() => new BackoffSupervisor(childProps, childName, minBackoff, maxBackoff, reset, randomFactor,
                    _strategy, _replyWhileStopped, _finalStopMessage))
                : Props.Create(() => new BackoffOnRestartSupervisor(childProps, childName, minBackoff, maxBackoff, reset,
                    randomFactor, _strategy, _replyWhileStopped, _finalStopMessage));
        }
    }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => With(c => c._reset = new AutoReset(resetBackoff));
    public override BackoffOptions WithManualReset() => With(c => c._reset = new ManualReset());
    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) =>
        With(c => c._strategy = supervisorStrategy);

    public override BackoffOptions WithDefaultStoppingStrategy() =>
        With(c => c._strategy = new OneForOneStrategy(_strategy.MaxNumberOfRetries, _strategy.WithinTimeRangeMilliseconds,
            SupervisorStrategy.StoppingStrategy.Decider));

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        With(c => c._strategy = _strategy.WithMaxNrOfRetries(maxNrOfRetries));
    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) =>
        With(c => c._replyWhileStopped = replyWhileStopped);
    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) =>
        With(c => c._finalStopMessage = isFinalStopMessage);

    private BackoffSettings With(Action<BackoffSettings> change)
    {
        var copy = (BackoffSettings)MemberwiseClone();
        change(copy);
        return copy;
    }
}
