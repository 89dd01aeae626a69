using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The kit's part of the configuration: section <c>akka.test</c>.</summary>
public class TestKitSettings : IExtension
{
    /// <param name="config">The whole configuration of the system.</param>
    public TestKitSettings(Config config)
    {
        var test = config.GetConfig("akka.test") ?? throw ConfigurationException.NullOrEmptyConfig<TestKitSettings>("akka.test");
        DefaultTimeout = test.GetTimeSpan("default-timeout", allowInfinite: false);
        SingleExpectDefault = test.GetTimeSpan("single-expect-default", allowInfinite: false);
        TestEventFilterLeeway = test.GetTimeSpan("filter-leeway", allowInfinite: false);
        TestTimeFactor = test.GetDouble("timefactor");
        LogTestKitCalls = config.GetBoolean("akka.actor.debug.testkit");
        if (TestTimeFactor <= 0) throw new ConfigurationException("akka.test.timefactor must be greater than 0");
    }

    /// <summary>For latches and barriers.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long one expectation waits unless told otherwise, before dilation.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long an event filter waits for its events.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>What all times are multiplied with, for slow machines.</summary>
    public double TestTimeFactor { get; }

    public bool LogTestKitCalls { get; }
}

public class TestKitExtension : ExtensionIdProvider<TestKitSettings>
{
    public static TestKitSettings For(ActorSystem system) => system.WithExtension<TestKitSettings, TestKitExtension>();

    public override TestKitSettings CreateExtension(ExtendedActorSystem system) => new(system.Settings.Config);
}
