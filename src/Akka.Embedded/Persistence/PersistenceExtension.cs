using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Persistence.Journal;
using Akka.Util;

namespace Akka.Persistence;

/// <summary>
/// Starts journal and snapshot-store plugins by their config path and hands out their actors. Safe for any thread.
/// </summary>
public class PersistenceExtension : IExtension
{
    private const string NoSnapshotStore = "akka.persistence.no-snapshot-store";
    private readonly ExtendedActorSystem _system;
    private readonly Config _config;
    private readonly ConcurrentDictionary<string, Lazy<Plugin>> _plugins = new();
    private readonly Lazy<IActorRef> _recoveryPermitter;
    private int _instances;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(Persistence.DefaultConfig());
        _config = system.Settings.Config.GetConfig("akka.persistence")!; // The defaults have it.
        Settings = new PersistenceSettings(system, system.Settings.Config);
        var maxRecoveries = _config.GetInt("max-concurrent-recoveries");
        _recoveryPermitter =
            new(() => system.SystemActorOf(Akka.Persistence.RecoveryPermitter.Props(maxRecoveries), "recoveryPermitter"));
    }

    public PersistenceSettings Settings { get; }

    public IStashOverflowStrategy DefaultInternalStashOverflowStrategy => field ??= CreateOverflowStrategy();

    internal IActorRef RecoveryPermitter => _recoveryPermitter.Value;

    /// <summary>Tells the answers to one incarnation of a persistent actor from those to another.</summary>
    internal int NextInstanceId() => Interlocked.Increment(ref _instances);

    /// <summary>The persistence id that an actor has by default: its path without address.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <summary>The journal at a config path, started when first asked for.</summary>
    /// <param name="journalPluginId">A config path; empty for <c>akka.persistence.journal.plugin</c>.</param>
    /// <exception cref="ArgumentException">There is no such plugin.</exception>
    public IActorRef JournalFor(string journalPluginId) => JournalPlugin(journalPluginId).Ref;

    /// <summary>The snapshot store at a config path, started when first asked for.</summary>
    /// <param name="snapshotPluginId">A config path; empty for <c>akka.persistence.snapshot-store.plugin</c>, or none.</param>
    /// <exception cref="ArgumentException">There is no such plugin.</exception>
    public IActorRef SnapshotStoreFor(string snapshotPluginId)
    {
        var path = Named(snapshotPluginId, "snapshot-store.plugin");
        return PluginAt(path.Length == 0 ? NoSnapshotStore : path, "akka.persistence.snapshot-store-plugin-fallback").Ref;
    }

    public EventAdapters AdaptersFor(string journalPluginId) => JournalPlugin(journalPluginId).Adapters;

    internal EventAdapters AdaptersFor(IActorRef journal) => PluginOf(journal)?.Adapters ?? EventAdapters.None;

    internal Config JournalConfigFor(string journalPluginId) => JournalPlugin(journalPluginId).Config;

    /// <summary>The section of a plugin, by its actor.</summary>
    internal Config ConfigFor(IActorRef plugin) =>
        PluginOf(plugin)?.Config ?? throw new ArgumentException($"[{plugin}] is no persistence plugin", nameof(plugin));

    private Plugin JournalPlugin(string pluginId)
    {
        var path = Named(pluginId, "journal.plugin");
        if (path.Length == 0) throw new ArgumentException("akka.persistence.journal.plugin names no journal", nameof(pluginId));
        return PluginAt(path, "akka.persistence.journal-plugin-fallback");
    }

    private string Named(string? pluginId, string defaultKey) =>
        string.IsNullOrEmpty(pluginId) ? _config.GetString(defaultKey, string.Empty) : pluginId;

    private Plugin PluginAt(string path, string fallbackPath) =>
        _plugins.GetOrAdd(path, key => new Lazy<Plugin>(() => Start(key, fallbackPath))).Value;

    /// <summary>The plugin of an actor, which bears its config path as name. Waits for a start that is under way.</summary>
    private Plugin? PluginOf(IActorRef actor) => _plugins.TryGetValue(actor.Path.Name, out var plugin) ? plugin.Value : null;

    private Plugin Start(string path, string fallbackPath)
    {
        var section = _system.Settings.Config.GetConfig(path);
        if (section is null || section.IsEmpty)
            throw new ArgumentException($"there is no persistence plugin at config path [{path}]");
        var config = section.WithFallback(_system.Settings.Config.GetConfig(fallbackPath));
        var type = TypeNames.Require(config.GetString("class", string.Empty), $"{path}.class");
        object[] arguments = type.GetConstructor([typeof(Config)]) is null ? [] : [config];
        var props = Props.Create(type, arguments)
            .WithDispatcher(config.GetString("plugin-dispatcher", Dispatchers.DefaultDispatcherId));
        return new(_system.SystemActorOf(props, path), config, EventAdapters.Create(_system, config));
    }

    private IStashOverflowStrategy CreateOverflowStrategy()
    {
        const string key = "internal-stash-overflow-strategy";
        var type = TypeNames.Require(_config.GetString(key, string.Empty), $"akka.persistence.{key}");
        return ((IStashOverflowStrategyConfigurator)Activator.CreateInstance(type)!).Create(_system.Settings.Config);
    }

    private sealed record Plugin(IActorRef Ref, Config Config, EventAdapters Adapters);
}
