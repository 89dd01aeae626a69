using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>Settings of a <see cref="ClusterSingletonProxy"/>.</summary>
public sealed class ClusterSingletonProxySettings : INoSerializationVerificationNeeded
{
    /// <param name="singletonName">Name of the singleton below its manager.</param>
    /// <param name="role">Role of the members that run it; null or empty: all.</param>
    /// <param name="singletonIdentificationInterval">How often it is looked for while it is not known.</param>
    /// <param name="bufferSize">Messages kept while it is not known, at most 10,000; 0: none.</param>
    /// <param name="considerAppVersion">Must be false.</param>
    /// <exception cref="ArgumentException">A setting is out of its range; names it.</exception>
    public ClusterSingletonProxySettings(string singletonName, string? role, TimeSpan singletonIdentificationInterval,
        int bufferSize, bool considerAppVersion)
    {
        if (string.IsNullOrEmpty(singletonName)) throw new ArgumentException("singleton-name must not be empty");
        if (bufferSize is < 0 or > 10000) throw new ArgumentException("buffer-size must be 0 to 10000");
        if (singletonIdentificationInterval <= TimeSpan.Zero)
            throw new ArgumentException("singleton-identification-interval must be positive");
        if (considerAppVersion)
            throw new ConfigurationException("akka.cluster.singleton-proxy.consider-app-version is not supported");
        SingletonName = singletonName;
        Role = role ?? "";
        SingletonIdentificationInterval = singletonIdentificationInterval;
        BufferSize = bufferSize;
        ConsiderAppVersion = considerAppVersion;
    }

    public string SingletonName { get; }
    public string Role { get; }
    public TimeSpan SingletonIdentificationInterval { get; }
    public int BufferSize { get; }
    public bool ConsiderAppVersion { get; }

    /// <summary>What <c>akka.cluster.singleton-proxy</c> says.</summary>
    public static ClusterSingletonProxySettings Create(ActorSystem system)
    {
        system.Settings.InjectTopLevelFallback(ClusterSingletonManager.DefaultConfig());
        var config = system.Settings.Config.GetConfig("akka.cluster.singleton-proxy")!;
        return Create(config, config.GetBoolean("consider-app-version"));
    }

    /// <summary>What a section like <c>akka.cluster.singleton-proxy</c> says.</summary>
    public static ClusterSingletonProxySettings Create(Config config, bool considerAppVersion) => new(
        config.GetString("singleton-name", ""), config.GetString("role", ""),
        config.GetTimeSpan("singleton-identification-interval"), config.GetInt("buffer-size"), considerAppVersion);

    public ClusterSingletonProxySettings WithSingletonName(string singletonName) => Copy(singletonName: singletonName);
    public ClusterSingletonProxySettings WithRole(string role) => Copy(role: role);
    public ClusterSingletonProxySettings WithBufferSize(int bufferSize) => Copy(bufferSize: bufferSize);

    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(TimeSpan singletonIdentificationInterval) =>
        Copy(interval: singletonIdentificationInterval);

    private ClusterSingletonProxySettings Copy(string? singletonName = null, string? role = null, TimeSpan? interval = null,
        int? bufferSize = null) =>
        new(singletonName ?? SingletonName, role ?? Role, interval ?? SingletonIdentificationInterval, bufferSize ?? BufferSize,
            ConsiderAppVersion);
}
