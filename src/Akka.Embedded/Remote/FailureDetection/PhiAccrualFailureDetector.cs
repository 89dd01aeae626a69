using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Suspects more the longer a heartbeat is overdue, measured by how regularly they came until then: phi is -log10 of
/// the chance that it comes later still, if intervals were normally distributed.</summary>
/// <remarks>Hayashibara et al., "The phi accrual failure detector"; the normal distribution is approximated by a logistic
/// one.</remarks>
public class PhiAccrualFailureDetector : FailureDetector
{
    private readonly Lock _gate = new();
    private readonly Clock _clock;
    private readonly double _threshold;
    private readonly double _minStdDeviationMs;
    private readonly double _acceptablePauseMs;
    private readonly long _firstEstimateMs;
    private readonly HeartbeatHistory _history = new(int.MaxValue);
    private readonly EventStream? _eventStream;
    private long? _latest;

    public PhiAccrualFailureDetector(double threshold, int maxSampleSize, TimeSpan minStdDeviation,
        TimeSpan acceptableHeartbeatPause, TimeSpan firstHeartbeatEstimate, Clock? clock = null) : this(clock!)
    {
        _threshold = Positive(threshold, nameof(threshold));
        _history = new HeartbeatHistory((int)Positive(maxSampleSize, nameof(maxSampleSize)));
        _minStdDeviationMs = Positive(minStdDeviation.TotalMilliseconds, nameof(minStdDeviation));
        _acceptablePauseMs = acceptableHeartbeatPause >= TimeSpan.Zero ? acceptableHeartbeatPause.TotalMilliseconds
            : throw new ArgumentOutOfRangeException(nameof(acceptableHeartbeatPause), "must not be negative");
        _firstEstimateMs = (long)Positive(firstHeartbeatEstimate.TotalMilliseconds, nameof(firstHeartbeatEstimate));
    }

    /// <param name="config">A section with <c>threshold</c>, <c>max-sample-size</c>, <c>min-std-deviation</c>,
    /// <c>acceptable-heartbeat-pause</c> and <c>heartbeat-interval</c>.</param>
    /// <param name="ev">Where growing intervals are warned of.</param>
    public PhiAccrualFailureDetector(Config config, EventStream ev) : this(config, ev, DefaultClock) { }

    protected PhiAccrualFailureDetector(Clock clock) => _clock = clock ?? DefaultClock;

    internal PhiAccrualFailureDetector(Config config, EventStream? eventStream, Clock clock)
        : this(config.GetDouble("threshold"), config.GetInt("max-sample-size"), config.GetTimeSpan("min-std-deviation"),
            config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"), clock) =>
        _eventStream = eventStream;

    /// <summary>Who is watched, for warnings.</summary>
    public string Address { get; set; } = "";

    public override bool IsAvailable
    {
        get
        {
            lock (_gate) return PhiAt(_clock()) < _threshold;
        }
    }

    public override bool IsMonitoring
    {
        get
        {
            lock (_gate) return _latest is not null;
        }
    }

    /// <summary>How sure it is that the resource is gone: 1 is wrong once in 10 times, 8 once in 10^8.</summary>
    internal double Phi
    {
        get
        {
            lock (_gate) return PhiAt(_clock());
        }
    }

    public override void HeartBeat()
    {
        long interval;
        lock (_gate)
        {
            var now = _clock();
            if (_latest is not { } latest)
            {
                // Nothing is known yet: two intervals that give the estimate as mean, and a quarter of it as deviation.
                _history.Add(_firstEstimateMs - (_firstEstimateMs / 4));
                _history.Add(_firstEstimateMs + (_firstEstimateMs / 4));
                _latest = now;
                return;
            }
            interval = now - latest;
            // The silence before a recovery says nothing about the usual pace.
            if (PhiAt(now) < _threshold) _history.Add(interval);
            _latest = now;
        }
        if (_acceptablePauseMs > 0 && interval >= _acceptablePauseMs / 3 * 2 && Address.Length > 0)
            _eventStream?.Publish(new Warning(ToString(), GetType(),
                $"Heartbeats of {Address} get rare: {interval} ms since the last; acceptable is a pause of {_acceptablePauseMs} ms"));
    }

    public override string ToString() => $"PhiAccrualFailureDetector({Address})";

    /// <summary>Phi of a silence of <paramref name="elapsedMs"/> when intervals have this mean and deviation.</summary>
    internal static double PhiOf(double elapsedMs, double meanMs, double stdDeviationMs)
    {
        var y = (elapsedMs - meanMs) / stdDeviationMs;
        var e = Math.Exp(-y * (1.5976 + (0.070566 * y * y)));
        // The same value in two forms: each keeps its digits on its side of the mean.
        return elapsedMs > meanMs ? -Math.Log10(e / (1.0 + e)) : -Math.Log10(1.0 - (1.0 / (1.0 + e)));
    }

    private double PhiAt(long now) => _latest is not { } latest ? 0.0
        : PhiOf(now - latest, _history.Mean + _acceptablePauseMs, Math.Max(_history.StdDeviation, _minStdDeviationMs));

    private static double Positive(double value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "must be positive");
}
