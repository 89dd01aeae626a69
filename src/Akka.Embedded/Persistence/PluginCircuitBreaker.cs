using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;

namespace Akka.Persistence;

internal static class PluginCircuitBreaker
{
    /// <summary>The breaker that a plugin's section describes.</summary>
    public static CircuitBreaker Create(IScheduler scheduler, Config plugin) => CircuitBreaker.Create(
        scheduler,
        plugin.GetInt("circuit-breaker.max-failures", 10),
        plugin.GetTimeSpan("circuit-breaker.call-timeout", TimeSpan.FromSeconds(10)),
        plugin.GetTimeSpan("circuit-breaker.reset-timeout", TimeSpan.FromSeconds(30)));
}
