using System.Collections.Immutable;

namespace Akka.Cluster.Tools.Singleton.Internal;

/// <summary>What managers say to each other, and what <see cref="HandOverState"/> hears and asks for.</summary>
internal static class HandOver
{
    public interface IMessage : IClusterSingletonMessage
    {
        UniqueAddress From { get; }
    }

    /// <summary>"I am oldest now: stop the singleton, if you have it, and tell me."</summary>
    /// <param name="Round">Which attempt of the asker this is. Comes back with the answer, so that one to an earlier attempt,
    /// which may have been given away since, is not taken for one to this.</param>
    public sealed record ToMe(UniqueAddress From, long Round) : IMessage;

    /// <summary>"I am stopping it."</summary>
    public sealed record InProgress(UniqueAddress From) : IMessage;

    /// <summary>"I don't run it, and will not run it unless you have told me the same."</summary>
    public sealed record Finished(UniqueAddress From, long Round) : IMessage;

    /// <summary>"I am not oldest any more: ask me."</summary>
    public sealed record TakeOverFromMe(UniqueAddress From) : IMessage;

    public interface IInput;

    public sealed record Heard(IMessage Message) : IInput;

    /// <summary>All members at one time.</summary>
    public sealed record Snapshot(ImmutableArray<Member> Members) : IInput;

    /// <summary>A member has a new status.</summary>
    public sealed record Changed(Member Member) : IInput;

    public sealed record Removed(Member Member) : IInput;

    /// <summary>A removed member has had the time to notice.</summary>
    public sealed record MarginOver(UniqueAddress Node) : IInput;

    /// <summary>This node's shutdown wants it to be without singleton.</summary>
    public sealed record SelfExiting : IInput;

    public sealed record RetryTick : IInput;

    public sealed record SingletonStopped : IInput;

    public abstract record Effect;

    public sealed record Send(UniqueAddress To, IMessage Message) : Effect;

    public sealed record StartSingleton : Effect;

    /// <summary>Answered by <see cref="SingletonStopped"/>.</summary>
    public sealed record StopSingleton : Effect;

    /// <summary>Answered by <see cref="MarginOver"/> after the removal margin.</summary>
    public sealed record AwaitMargin(UniqueAddress Node) : Effect;

    /// <summary>Turns the <see cref="RetryTick"/>s on or off.</summary>
    public sealed record Retry(bool On) : Effect;

    /// <summary>What <see cref="SelfExiting"/> waits for.</summary>
    public sealed record ExitDone : Effect;

    public sealed record StopManager : Effect;

    public sealed record Warn(string Text) : Effect;
}
