using System.Collections.Immutable;
using Akka.Configuration;

namespace Akka.Cluster.SBR;

/// <summary>What <c>akka.cluster.split-brain-resolver</c> says.</summary>
public sealed class SplitBrainResolverSettings
{
    public const string StaticQuorumName = "static-quorum";
    public const string KeepMajorityName = "keep-majority";
    public const string KeepOldestName = "keep-oldest";
    public const string DownAllName = "down-all";

    /// <param name="config">The whole configuration.</param>
    /// <exception cref="ConfigurationException">No such strategy.</exception>
    public SplitBrainResolverSettings(Config config)
    {
        var section = config.GetConfig("akka.cluster.split-brain-resolver")
            ?? throw new ConfigurationException("akka.cluster.split-brain-resolver is not set");
        DowningStrategy = section.GetString("active-strategy", "").ToLowerInvariant();
        if (!AllStrategyNames.Contains(DowningStrategy))
            throw new ConfigurationException($"[{DowningStrategy}] in akka.cluster.split-brain-resolver.active-strategy is not "
                + $"one of {string.Join(", ", AllStrategyNames.Order(StringComparer.Ordinal))}; "
                + "lease-majority is not part of this runtime.");
        DowningStableAfter = section.GetTimeSpan("stable-after");
        if (DowningStableAfter <= TimeSpan.Zero)
            throw new ConfigurationException("akka.cluster.split-brain-resolver.stable-after must be longer than 0");
        DownAllWhenUnstable = section.GetString("down-all-when-unstable", "on") switch
        {
            "on" or "true" => DowningStableAfter * 0.75,
            "off" or "false" => TimeSpan.Zero,
            _ => section.GetTimeSpan("down-all-when-unstable"),
        };
        KeepMajorityRole = RoleOf(section, "keep-majority");
        StaticQuorumSettings = new StaticQuorumSettings(DowningStrategy == StaticQuorumName ? QuorumSize(section) : 0,
            RoleOf(section, "static-quorum"));
        KeepOldestSettings = new KeepOldestSettings(section.GetBoolean("keep-oldest.down-if-alone", true),
            RoleOf(section, "keep-oldest"));
    }

    public static readonly ImmutableHashSet<string> AllStrategyNames =
        [StaticQuorumName, KeepMajorityName, KeepOldestName, DownAllName];

    public string DowningStrategy { get; }
    public TimeSpan DowningStableAfter { get; }

    /// <summary>Zero: never.</summary>
    public TimeSpan DownAllWhenUnstable { get; }

    public string? KeepMajorityRole { get; }
    public StaticQuorumSettings StaticQuorumSettings { get; }
    public KeepOldestSettings KeepOldestSettings { get; }

    private static string? RoleOf(Config section, string strategy) =>
        section.GetString($"{strategy}.role", "") is { Length: > 0 } role ? role : null;

    private static int QuorumSize(Config section) => section.GetString("static-quorum.quorum-size", "undefined") == "undefined"
        ? throw new ConfigurationException("akka.cluster.split-brain-resolver.static-quorum.quorum-size must be set")
        : section.GetInt("static-quorum.quorum-size") is > 0 and var size ? size
        : throw new ConfigurationException("akka.cluster.split-brain-resolver.static-quorum.quorum-size must be at least 1");
}

/// <summary>The side with at least so many members goes on.</summary>
public sealed class StaticQuorumSettings(int size, string? role)
{
    public int Size { get; } = size;
    public string? Role { get; } = role;
}

/// <summary>The side with the oldest member goes on.</summary>
public sealed class KeepOldestSettings(bool downIfAlone, string? role)
{
    public bool DownIfAlone { get; } = downIfAlone;
    public string? Role { get; } = role;
}
