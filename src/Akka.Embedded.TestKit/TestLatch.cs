namespace Akka.TestKit;

/// <summary>Opens when it has been counted down to zero; threads of the test wait for that.</summary>
public class TestLatch
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly CountdownEvent _count;
    private readonly Func<TimeSpan, TimeSpan> _dilate;
    private readonly TimeSpan _defaultTimeout;

    public TestLatch() : this(1)
    {
    }

    public TestLatch(int count) : this(count, DefaultTimeout)
    {
    }

    public TestLatch(int count, TimeSpan defaultTimeout) : this(time => time, defaultTimeout, count)
    {
    }

    protected TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
    {
        _count = new CountdownEvent(count);
        _dilate = dilate;
        _defaultTimeout = defaultTimeout;
    }

    internal static TestLatch DilatedBy(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count) =>
        new(dilate, defaultTimeout, count);

    public bool IsOpen => _count.IsSet;

    public void CountDown() => _count.Signal();

    public void Open()
    {
        while (!_count.IsSet) CountDown();
    }

    public void Reset() => _count.Reset();

    /// <exception cref="TimeoutException">It didn't open in time.</exception>
    public void Ready() => Ready(_defaultTimeout);

    /// <inheritdoc cref="Ready()"/>
    public void Ready(TimeSpan timeout)
    {
        timeout = _dilate(timeout);
        if (!_count.Wait(timeout))
            throw new TimeoutException($"The latch lacks {_count.CurrentCount} of {_count.InitialCount} counts after {timeout}.");
    }
}
