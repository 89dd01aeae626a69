using System.Collections.Concurrent;

namespace Akka.Remote;

/// <summary>Failure detectors of many resources.</summary>
public interface IFailureDetectorRegistry<in T>
{
    /// <summary>False: its detector takes it to be gone. One without a detector is there.</summary>
    bool IsAvailable(T resource);

    /// <summary>There has been a heartbeat of it since it was removed last.</summary>
    bool IsMonitoring(T resource);

    /// <summary>A sign of life of it has come, just now; the first one makes its detector.</summary>
    void Heartbeat(T resource);

    void Remove(T resource);
    void Reset();
}

/// <summary>A detector for each resource, made at its first heartbeat. Safe for any thread.</summary>
public class DefaultFailureDetectorRegistry<T> : IFailureDetectorRegistry<T> where T : notnull
{
    private readonly ConcurrentDictionary<T, Lazy<FailureDetector>> _detectors = new();
    private readonly Func<FailureDetector> _factory;

    public DefaultFailureDetectorRegistry(Func<FailureDetector> factory) => _factory = factory;

    public bool IsAvailable(T resource) => GetFailureDetector(resource)?.IsAvailable ?? true;
    public bool IsMonitoring(T resource) => GetFailureDetector(resource)?.IsMonitoring ?? false;
    public void Heartbeat(T resource) =>
        _detectors.GetOrAdd(resource, static (r, self) => new(() => self.Make(r)), this).Value.HeartBeat();
    public void Remove(T resource) => _detectors.TryRemove(resource, out _);
    public void Reset() => _detectors.Clear();

    internal FailureDetector? GetFailureDetector(T resource) =>
        _detectors.TryGetValue(resource, out var detector) ? detector.Value : null;

    private FailureDetector Make(T resource)
    {
        var detector = _factory();
        if (detector is PhiAccrualFailureDetector phi) phi.Address = resource.ToString()!;
        return detector;
    }
}
