using Akka.Configuration;
using Akka.Remote;

namespace Akka.Embedded.Tests.Remote;

public sealed class FailureDetectorTests
{
    private long _nowMs = 1_000_000;

    [Fact]
    public void Nothing_is_suspected_before_the_first_heartbeat()
    {
        foreach (var detector in new FailureDetector[] { Phi(), Deadline() })
        {
            Assert.False(detector.IsMonitoring);
            _nowMs += 3_600_000;
            Assert.True(detector.IsAvailable);
            detector.HeartBeat();
            Assert.True(detector.IsMonitoring);
            Assert.True(detector.IsAvailable);
        }
    }

    [Fact]
    public void A_silence_longer_than_pause_and_usual_interval_is_a_loss_and_a_heartbeat_ends_it()
    {
        var detector = Phi();
        Beat(detector, 20, 1000);
        _nowMs += 3900; // Mean 1 s and pause 3 s: not even due.
        Assert.True(detector.IsAvailable);
        _nowMs += 1600;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void A_long_silence_that_ended_does_not_make_the_detector_patient()
    {
        var detector = Phi();
        Beat(detector, 20, 1000);
        _nowMs += 60_000;
        Beat(detector, 2, 1000);
        _nowMs += 5500;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void The_first_estimate_is_trusted_with_a_wide_margin()
    {
        var detector = Phi();
        detector.HeartBeat();
        _nowMs += 4500; // Deviation is a quarter of a second: 4 s + 6 deviations is where phi reaches 8.
        Assert.True(detector.IsAvailable);
        _nowMs += 1500;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void A_deadline_is_interval_and_pause_after_the_last_heartbeat()
    {
        var detector = Deadline();
        detector.HeartBeat();
        _nowMs += 3999;
        Assert.True(detector.IsAvailable);
        _nowMs += 1;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void A_registry_has_a_detector_for_each_resource_that_was_heard_of()
    {
        IFailureDetectorRegistry<string> registry = new DefaultFailureDetectorRegistry<string>(Phi);
        Assert.True(registry.IsAvailable("a"));
        Assert.False(registry.IsMonitoring("a"));
        registry.Heartbeat("a");
        registry.Heartbeat("b");
        Assert.True(registry.IsMonitoring("a"));
        _nowMs += 10_000;
        registry.Heartbeat("b");
        Assert.False(registry.IsAvailable("a"));
        Assert.True(registry.IsAvailable("b"));
        registry.Remove("a");
        Assert.True(registry.IsAvailable("a"));
        registry.Reset();
        Assert.False(registry.IsMonitoring("b"));
    }

    [Theory]
    [InlineData("threshold = 0")]
    [InlineData("max-sample-size = 0")]
    [InlineData("min-std-deviation = 0s")]
    [InlineData("heartbeat-interval = 0s")]
    public void Settings_that_make_no_sense_are_refused(string setting)
    {
        var config = ConfigurationFactory.ParseString(setting).WithFallback(ConfigurationFactory.ParseString("""
            threshold = 8.0, max-sample-size = 1000, min-std-deviation = 100 ms, acceptable-heartbeat-pause = 3 s
            heartbeat-interval = 1 s
            """));
        Assert.ThrowsAny<ArgumentException>(() => new PhiAccrualFailureDetector(config, null!));
    }

    private PhiAccrualFailureDetector Phi() => new(8.0, 1000, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3),
        TimeSpan.FromSeconds(1), () => _nowMs);

    private DeadlineFailureDetector Deadline() => new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), () => _nowMs);

    private void Beat(FailureDetector detector, int times, int intervalMs)
    {
        for (var i = 0; i < times; i++)
        {
            _nowMs += intervalMs;
            detector.HeartBeat();
        }
    }
}
