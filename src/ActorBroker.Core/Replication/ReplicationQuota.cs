namespace ActorBroker.Core.Replication;

/// <summary>How many bytes a second the throttled replicas of a broker may copy, in all, to others or from others (KIP-73). What
/// is copied is counted afterwards, so one answer may go beyond it, and then the next one waits for that.</summary>
/// <remarks>Time is passed in, the same for all callers. Safe for several threads, without a lock: the state is one number,
/// the moment from which all that was counted is paid for. Over any time t, at most rate * (t + 1 s) and the last answers of those who
/// asked at once are let through.</remarks>
public sealed class ReplicationQuota
{
    public const long Unlimited = long.MaxValue;

    /// <summary>So much time without traffic counts in favour of what comes then.</summary>
    private static readonly long Burst = TimeSpan.TicksPerSecond;

    private long _rate = Unlimited;
    private long _paidAt = long.MinValue / 2;

    /// <summary>Another rate starts without debts.</summary>
    public long BytesPerSecond
    {
        get => Volatile.Read(ref _rate);
        set
        {
            if (Interlocked.Exchange(ref _rate, value) != value) Volatile.Write(ref _paidAt, long.MinValue / 2);
        }
    }

    /// <summary>How long throttled replicas have to wait; zero: they need not.</summary>
    public TimeSpan WaitAt(TimeSpan now) => BytesPerSecond switch
    {
        Unlimited => TimeSpan.Zero,
        0 => TimeSpan.MaxValue,
        _ => TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _paidAt) - now.Ticks)),
    };

    public void Count(long bytes, TimeSpan now)
    {
        var rate = BytesPerSecond;
        if (rate is Unlimited or 0 || bytes == 0) return;
        var cost = (long)Math.Min((double)bytes / rate * TimeSpan.TicksPerSecond, TimeSpan.TicksPerDay);
        while (true)
        {
            var before = Volatile.Read(ref _paidAt);
            if (Interlocked.CompareExchange(ref _paidAt, Math.Max(before, now.Ticks - Burst) + cost, before) == before) return;
        }
    }
}
