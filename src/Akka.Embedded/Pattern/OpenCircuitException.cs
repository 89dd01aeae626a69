using Akka.Actor;

namespace Akka.Pattern;

/// <summary>A <see cref="CircuitBreaker"/> is open: the call was not made.</summary>
public class OpenCircuitException : AkkaException
{
    public OpenCircuitException(string message, Exception? cause, TimeSpan remainingDuration)
        : base(message, cause) => RemainingDuration = remainingDuration;

    /// <summary>How long it stays open.</summary>
    public TimeSpan RemainingDuration { get; }
}

/// <summary><see cref="CircuitBreaker.Fail"/> was called.</summary>
public class UserCalledFailException : AkkaException
{
    public UserCalledFailException()
        : base("User code caused CircuitBreaker to fail because it called the Fail() method.")
    {
    }
}
