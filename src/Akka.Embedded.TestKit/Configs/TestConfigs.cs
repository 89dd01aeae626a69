using Akka.Configuration;

namespace Akka.TestKit.Configs;

public static class TestConfigs
{
    private static readonly Lazy<Config> Reference =
        new(() => ConfigurationFactory.FromResource("Akka.TestKit.Configs.reference.conf", typeof(TestConfigs).Assembly));

    /// <summary>What every test system has behind its own configuration.</summary>
    public static Config DefaultConfig => Reference.Value;

    /// <summary>Time stands still until the test advances it; see <see cref="TestScheduler"/>.</summary>
    public static Config TestSchedulerConfig { get; } = ConfigurationFactory.ParseString(
        """akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """);
}
