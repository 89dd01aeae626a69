using System.Globalization;
using ActorBroker.Hosting;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using Akka.Configuration;

namespace ActorBroker.Tests.Hosting;

/// <summary>What a broker of hocon/cluster.conf really runs with, after all defaults: a line that got lost on the way would cost
/// seconds at a failover, or the cluster.</summary>
public sealed class ClusterConfTests : IAsyncLifetime
{
    // Both are set before each test.
    private EmbeddedBroker _broker = null!;
    private BrokerOptions _options = null!;

    private Config Running => _broker.System.Settings.Config;

    public async Task InitializeAsync()
    {
        var node = $"127.0.0.1:{Ports.Free()}";
        // What differs between brokers, as somebody who starts one gives it.
        _options = BrokerOptions.Load(Repository.PathOf("hocon", "cluster.conf"), new Dictionary<string, string?>
        {
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["controller.quorum.voters"] = $"1@{node}",
            ["akka.remote.dot-netty.tcp.port"] = node.Split(':')[1],
            ["akka.cluster.seed-nodes"] = $"[\"akka.tcp://actorbroker@{node}\"]",
        });
        var environment = BrokerEnvironment.Real(new InMemoryFileSystem(TimeProvider.System));
        _broker = await EmbeddedBroker.StartAsync(_options, environment).WaitAsync(BrokerCluster.Patience);
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public void The_settings_of_the_cluster_are_those_of_the_documents()
    {
        foreach (var (key, ms) in new[]
        {
            ("retry-unsuccessful-join-after", 2000),
            ("failure-detector.heartbeat-interval", 500),
            ("failure-detector.expected-response-after", 500),
            ("failure-detector.acceptable-heartbeat-pause", 2000),
            ("unreachable-nodes-reaper-interval", 200),
            ("gossip-interval", 300),
            ("leader-actions-interval", 300),
            ("split-brain-resolver.stable-after", 5000),
            ("down-removal-margin", 1),
        }) Assert.Equal((key, ms), (key, Running.GetTimeSpan($"akka.cluster.{key}").TotalMilliseconds));
        foreach (var (key, text) in new[]
        {
            ("actor.provider", "cluster"),
            ("cluster.failure-detector.implementation-class", "Akka.Remote.DeadlineFailureDetector, Akka.Remote"),
            ("cluster.downing-provider-class", "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"),
            ("cluster.split-brain-resolver.active-strategy", "keep-majority"),
            ("cluster.split-brain-resolver.down-all-when-unstable", "off"),
            ("persistence.journal.plugin", "akka.persistence.journal.quorum"),
            ("persistence.snapshot-store.plugin", "akka.persistence.snapshot-store.quorum"),
            ("coordinated-shutdown.run-by-clr-shutdown-hook", "off"),
        }) Assert.Equal((key, text), (key, Running.GetString($"akka.{key}")));
        Assert.Equal(["broker", "broker-1"], Running.GetStringList("akka.cluster.roles").Order(StringComparer.Ordinal));
        Assert.Equal(4 << 20, Running.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
        Assert.Equal(TimeSpan.FromSeconds(30), Running.GetTimeSpan("akka.coordinated-shutdown.phases.before-service-unbind.timeout"));
        Assert.Equal(TimeSpan.FromMinutes(5), Running.GetTimeSpan("akka.coordinated-shutdown.phases.service-stop.timeout"));
    }

    [Fact]
    public void The_readme_tells_how_long_a_failover_takes()
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));
        var detector = Running.GetConfig("akka.cluster.failure-detector")!;
        var (interval, pause) = (detector.GetTimeSpan("heartbeat-interval"), detector.GetTimeSpan("acceptable-heartbeat-pause"));
        Tells($"| {Seconds(interval + pause)} of silence |");
        Tells($"`failure-detector.heartbeat-interval` {Seconds(interval)} + `acceptable-heartbeat-pause` {Seconds(pause)} |");
        Tells($"| up to {Seconds(Running.GetTimeSpan("akka.cluster.unreachable-nodes-reaper-interval"))} more |");
        Tells($"| {Seconds(Running.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after"))} more |");
        // "A broker that has heard for that long neither of the controller nor of half of the brokers takes nothing any more".
        Assert.Equal(interval + pause, _options.Cluster.TouchTimeout);

        void Tells(string text) => Assert.Contains(text, readme, StringComparison.Ordinal);
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");
}
