using Xunit.Abstractions;
using Xunit.Sdk;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>
/// A test that is there only where ACTORBROKER_CHAOS_SECONDS is set. It is not skipped otherwise: to CI a skipped test is a
/// failure.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("ActorBroker.ClientTests.Chaos.ChaosFactDiscoverer", "ActorBroker.ClientTests")]
public sealed class ChaosFactAttribute : FactAttribute;

/// <summary>Finds <see cref="ChaosFactAttribute"/> for xunit.</summary>
public sealed class ChaosFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable(ChaosTests.SecondsVariable) is null
            ? []
            : [
                new XunitTestCase(
                    messages, discoveryOptions.MethodDisplayOrDefault(),
                    discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod),
            ];
}
