using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;
using FsCheck;
using FsCheck.Fluent;
using Config = Akka.Configuration.Config;

namespace Akka.Embedded.Tests.Embedded.Remote.FailureDetection;

public sealed class PhiTests : SystemTest
{
    [Theory]
    // The tail of the normal distribution beyond the mean and 1, 2, 3 deviations.
    [InlineData(1000, 0.301)]
    [InlineData(1100, 0.800)]
    [InlineData(1200, 1.643)]
    [InlineData(1300, 2.87)]
    [InlineData(900, 0.0750)]
    public void Phi_is_the_improbability_of_the_silence(double elapsed, double phi) =>
        Assert.InRange(PhiAccrualFailureDetector.PhiOf(elapsed, 1000, 100), phi * 0.98, phi * 1.02);

    [Fact]
    public void Phi_grows_with_the_silence() =>
        Prop.ForAll(
            Gen.Choose(1, 10_000).Three().Select(t => (Mean: t.Item1, Deviation: t.Item2, Elapsed: t.Item3)).ToArbitrary(), c =>
            {
                var now = PhiAccrualFailureDetector.PhiOf(c.Elapsed, c.Mean, c.Deviation);
                return now >= 0 && now <= PhiAccrualFailureDetector.PhiOf(c.Elapsed + 1, c.Mean, c.Deviation);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_window_forgets_old_intervals() =>
        Prop.ForAll(
            Gen.Choose(0, 5000).ListOf().Where(l => l.Count > 0).ToArbitrary(), intervals =>
            {
                var history = new HeartbeatHistory(10);
                foreach (var interval in intervals) history.Add(interval);
                var last = intervals.TakeLast(10).ToArray();
                var mean = last.Average();
                var deviation = Math.Sqrt(last.Average(i => (i - mean) * (i - mean)));
                return Math.Abs(history.Mean - mean) < 1e-6 && Math.Abs(history.StdDeviation - deviation) < 1e-3;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_system_gives_detectors_its_own_clock()
    {
        var time = new Akka.TestKit.TestScheduler(ConfigurationFactory.Empty, NoLogger.Instance);
        var system = ActorSystem.Create("clocked",
            BootstrapSetup.Create().WithConfig(Quiet).And(new EmbeddedSetup { Scheduler = time }));
        var detector = FailureDetectorLoader.Load("Akka.Remote.PhiAccrualFailureDetector, Akka.Remote", Section, system);
        detector.HeartBeat();
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(detector.IsAvailable);
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public void A_class_that_is_no_detector_is_refused() =>
        Assert.Throws<ArgumentException>(() => FailureDetectorLoader.Load("System.String", Section, Sys));

    private static Config Section => ConfigurationFactory.ParseString("""
        threshold = 8.0, max-sample-size = 1000, min-std-deviation = 100 ms, acceptable-heartbeat-pause = 3 s
        heartbeat-interval = 1 s
        """);
}
