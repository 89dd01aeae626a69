namespace ActorBroker.Tests.Hosting;

/// <summary>The machine's time, but its time of day may be set, as an administrator or a bad time server does.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _aheadTicks;

    /// <summary>Ahead of the true time of day.</summary>
    public TimeSpan Ahead
    {
        set => Volatile.Write(ref _aheadTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _aheadTicks));
}
