namespace ActorBroker.Tests.Hosting;

/// <summary>The machine's clock, which may be put forward: as if the process had stood still for that long.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _shift);

    public void PutForward(TimeSpan by) => Interlocked.Add(ref _shift, (long)(by.TotalSeconds * TimestampFrequency));
}
