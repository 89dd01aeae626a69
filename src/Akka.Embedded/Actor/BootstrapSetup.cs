using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Which kind of references a system makes.</summary>
public abstract class ProviderSelection
{
    private ProviderSelection(string identifier, string fqn, bool hasCluster)
    {
        Identifier = identifier;
        Fqn = fqn;
        HasCluster = hasCluster;
    }

    internal string Identifier { get; }
    internal string Fqn { get; }
    internal bool HasCluster { get; }

    internal static ProviderSelection GetProvider(string providerClass) => providerClass switch
    {
        "local" or "Akka.Actor.LocalActorRefProvider" => Local.Instance,
        "remote" => Remote.Instance,
        "cluster" => Cluster.Instance,
        _ => new Custom(providerClass),
    };

    public sealed class Local : ProviderSelection
    {
        public static readonly Local Instance = new();

        private Local() : base("local", "Akka.Actor.LocalActorRefProvider", false) { }
    }

    public sealed class Remote : ProviderSelection
    {
        public static readonly Remote Instance = new();

        private Remote() : base("remote", "Akka.Remote.RemoteActorRefProvider, Akka.Remote", false) { }
    }

    public sealed class Cluster : ProviderSelection
    {
        public static readonly Cluster Instance = new();

        private Cluster() : base("cluster", "Akka.Cluster.ClusterActorRefProvider, Akka.Cluster", true) { }
    }

    public sealed class Custom(string fqn, string? identifier = null, bool hasCluster = false)
        : ProviderSelection(identifier ?? "", fqn, hasCluster);
}

/// <summary>Configuration and provider for a new system.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config, Option<ProviderSelection> provider)
    {
        Config = config;
        ActorRefProvider = provider;
    }

    public Option<Config> Config { get; }
    public Option<ProviderSelection> ActorRefProvider { get; }

    public static BootstrapSetup Create() => new(Option<Config>.None, Option<ProviderSelection>.None);

    public BootstrapSetup WithConfig(Config config) => new(config, ActorRefProvider);
    public BootstrapSetup WithConfigFallback(Config config) =>
        new(Config.HasValue ? Config.Value.WithFallback(config) : config, ActorRefProvider);
    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, name);
}
