using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;
using Akka.Configuration;

namespace ActorBroker.Hosting.Options;

/// <summary>How brokers work together.</summary>
/// <param name="IsClustered">The actor system is a node of an Akka cluster.</param>
/// <param name="Voters">Who keeps the controller's journal; empty without a cluster.</param>
/// <param name="SessionTimeout">How long a broker waits at its start for another process that has its id to be gone.</param>
/// <param name="ControllerRetry">When a request to the controller is repeated that was not answered.</param>
/// <param name="TouchTimeout">For how long a broker serves that neither the controller nor half of the brokers answer: as long as
/// others take to notice (akka.cluster.failure-detector), and three signs of life at least.</param>
/// <param name="ShutdownRetries">Null: a broker that stops does not give away what it leads first.</param>
public sealed record ClusterOptions(
    bool IsClustered, ImmutableArray<VoterAddress> Voters, TimeSpan HeartbeatInterval, TimeSpan SessionTimeout,
    TimeSpan ControllerRetry, TimeSpan QuorumRequestTimeout, TimeSpan QuorumElectionTimeout, QuorumLimits QuorumLimits,
    int? ShutdownRetries, TimeSpan ShutdownBackoff, TimeSpan TouchTimeout)
{
    private const string VotersKey = "controller.quorum.voters";
    private const string EntriesKey = "controller.quorum.fetch.max.bytes";
    private const string SnapshotsKey = "controller.quorum.fetch.snapshot.max.bytes";

    /// <summary>What a message has around its entries, generously.</summary>
    private const int FrameOverheadBytes = 64 << 10;

    internal static ClusterOptions From(BrokerSettings settings, Config config, Action<string, string> problem)
    {
        var isClustered = config.GetString("akka.actor.provider", "local") is var provider
            && (provider == "cluster" || provider.Contains("ClusterActorRefProvider", StringComparison.Ordinal));
        var voters = isClustered ? VotersOf(settings[VotersKey] ?? "", problem) : [];
        var limits = new QuorumLimits(settings.Int(EntriesKey), settings.Int(SnapshotsKey));
        if (isClustered && config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size") is { } frame)
        {
            limits = limits with { LargestEntryBytes = (int)Math.Clamp(frame - FrameOverheadBytes, 0, int.MaxValue) };
            foreach (var (key, bytes) in new[] { (EntriesKey, limits.EntryBytes), (SnapshotsKey, limits.SnapshotBytes) })
                if (bytes > limits.LargestEntryBytes)
                    problem(key, $"does not fit into akka.remote.dot-netty.tcp.maximum-frame-size, {frame} bytes.");
        }
        return new ClusterOptions(
            isClustered,
            voters,
            HeartbeatInterval: settings.Time("broker.heartbeat.interval.ms"),
            SessionTimeout: settings.Time("broker.session.timeout.ms"),
            ControllerRetry: settings.Time("controller.retry.ms"),
            QuorumRequestTimeout: settings.Time("controller.quorum.request.timeout.ms"),
            QuorumElectionTimeout: settings.Time("controller.quorum.election.timeout.ms"),
            QuorumLimits: limits,
            ShutdownRetries: settings.Bool("controlled.shutdown.enable") ? settings.Int("controlled.shutdown.max.retries") : null,
            ShutdownBackoff: settings.Time("controlled.shutdown.retry.backoff.ms"),
            TouchTimeout: TouchTimeoutOf(config, settings.Time("broker.heartbeat.interval.ms")));
    }

    private static TimeSpan TouchTimeoutOf(Config config, TimeSpan signOfLife)
    {
        var detector = config.GetConfig("akka.cluster.failure-detector") ?? Config.Empty;
        var noticed = detector.GetTimeSpan("acceptable-heartbeat-pause", TimeSpan.FromSeconds(3))
            + detector.GetTimeSpan("heartbeat-interval", TimeSpan.FromSeconds(1));
        var signs = 3 * signOfLife;
        return noticed > signs ? noticed : signs;
    }

    private static ImmutableArray<VoterAddress> VotersOf(string text, Action<string, string> problem)
    {
        var voters = ImmutableArray.CreateBuilder<VoterAddress>();
        foreach (var element in ConfigRule.Elements(text))
        {
            if (VoterAddress.TryParse(element, out var voter)) voters.Add(voter);
            else problem(VotersKey, $"'{element}' is not ID@HOST:PORT.");
        }
        if (voters.Count == 0 && ConfigRule.Elements(text).Length == 0)
            problem(VotersKey, "a cluster (akka.actor.provider = cluster) needs a voter at least, the same ones on all brokers.");
        if (voters.Select(v => v.Id).Distinct().Count() < voters.Count) problem(VotersKey, "names a broker twice.");
        return voters.DrainToImmutable();
    }
}

/// <summary>A broker that keeps the controller's journal, and where others reach its actor system.</summary>
public sealed record VoterAddress(BrokerId Id, string Host, int Port)
{
    /// <summary>Reads <c>ID@HOST:PORT</c>; a host may stand in brackets.</summary>
    public static bool TryParse(string text, out VoterAddress voter)
    {
        voter = new VoterAddress(BrokerId.None, "", 0);
        var (at, colon) = (text.IndexOf('@', StringComparison.Ordinal), text.LastIndexOf(':'));
        if (at <= 0 || colon <= at + 1) return false;
        if (!int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return false;
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        if (port is < 1 or > ushort.MaxValue) return false;
        voter = new VoterAddress(new BrokerId(id), text[(at + 1)..colon].Trim('[', ']'), port);
        return true;
    }

    public override string ToString() => $"{Id}@{Host}:{Port}";
}
