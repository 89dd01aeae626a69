namespace Akka.TestKit;

/// <summary>Holds threads back until a number of them has come.</summary>
public class TestBarrier
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly TestKitBase _testKit;
    private readonly TimeSpan _defaultTimeout;
    private readonly int _count;
    private Barrier _barrier;

    public TestBarrier(TestKitBase testKit, int count, TimeSpan? defaultTimeout = null)
    {
        _testKit = testKit;
        _count = count;
        _defaultTimeout = defaultTimeout ?? testKit.TestKitSettings.DefaultTimeout;
        _barrier = new Barrier(count);
    }

    /// <exception cref="TimeoutException">The others didn't come in time.</exception>
    public void Await() => Await(_defaultTimeout);

    /// <inheritdoc cref="Await()"/>
    public void Await(TimeSpan timeout)
    {
        timeout = _testKit.Dilated(timeout);
        if (!_barrier.SignalAndWait(timeout))
            throw new TimeoutException($"Not all of {_count} threads came to the barrier within {timeout}.");
    }

    public void Reset() => _barrier = new Barrier(_count);
}
