namespace ActorBroker.Tests.Hosting;

/// <summary>The machine's time with faults: its time of day may be set, as an administrator or a bad time server does, and the
/// process may have stood still.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _aheadTicks;
    private long _stoodStill;

    /// <summary>Ahead of the true time of day.</summary>
    public TimeSpan Ahead
    {
        set => Volatile.Write(ref _aheadTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _aheadTicks));

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _stoodStill);

    /// <summary>As if the process had stood still for that long.</summary>
    public void PutForward(TimeSpan by) => Interlocked.Add(ref _stoodStill, (long)(by.TotalSeconds * TimestampFrequency));
}
