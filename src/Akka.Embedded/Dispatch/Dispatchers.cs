using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Dispatch;

/// <summary>The dispatchers of a system by id, which is the path of their section of configuration.</summary>
public sealed class Dispatchers
{
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";
    public const string DefaultBlockingDispatcherId = "akka.actor.default-blocking-io-dispatcher";
    public const string SynchronizedDispatcherId = "akka.actor.synchronized-dispatcher";
    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private const int MaxAliasDepth = 20;
    private readonly ConcurrentDictionary<string, MessageDispatcherConfigurator> _configurators = new();
    private readonly ActorSystem _system;

    public Dispatchers(ActorSystem system, IDispatcherPrerequisites prerequisites, ILoggingAdapter logger)
    {
        _system = system;
        Prerequisites = prerequisites;
        _ = logger;
    }

    public IDispatcherPrerequisites Prerequisites { get; }
    public Config DefaultDispatcherConfig => Config.GetConfig(DefaultDispatcherId)!;
    public MessageDispatcher DefaultGlobalDispatcher => Lookup(DefaultDispatcherId);
    private Config Config => _system.Settings.Config;

    /// <exception cref="ConfigurationException">No such section.</exception>
    public MessageDispatcher Lookup(string dispatcherName) => Configurator(dispatcherName).Dispatcher();

    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || Config.HasPath(id);

    /// <summary>Makes <paramref name="configurator"/> answer for <paramref name="id"/>, unless somebody does already.</summary>
    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator) =>
        _configurators.TryAdd(id, configurator);

    /// <summary>The section of a dispatcher; an id may be another name for an id.</summary>
    public static Config GetConfig(Config config, string id, int depth = 0)
    {
        if (depth > MaxAliasDepth)
            throw new ConfigurationException($"Dispatcher [{id}] is a name for a name for a name: probably a circle.");
        if (!config.HasPath(id)) throw new ConfigurationException($"There is no dispatcher [{id}] in the configuration.");
        var value = config.GetValue(id)!;
        return value.IsString() ? GetConfig(config, value.GetString()!, depth + 1) : config.GetConfig(id)!;
    }

    internal Config ConfigOf(string id) => Configurator(id).Config;

    private MessageDispatcherConfigurator Configurator(string id) => _configurators.GetOrAdd(id, Make);

    private MessageDispatcherConfigurator Make(string id)
    {
        var named = ConfigurationFactory.ParseString($"id = {Quoted(id)}\nname = {Quoted(id[(id.LastIndexOf('.') + 1)..])}");
        var config = named.WithFallback(GetConfig(Config, id)).WithFallback(DefaultDispatcherConfig);
        switch (config.GetString("type", ""))
        {
            case "Dispatcher" or "TaskDispatcher" or "ForkJoinDispatcher" or "SynchronizedDispatcher":
                return new DispatcherConfigurator(config, Prerequisites);
            case "PinnedDispatcher":
                return new PinnedDispatcherConfigurator(config, Prerequisites);
            case null or "":
                throw new ConfigurationException($"[{id}.type] is not set.");
            case var name:
                var type = TypeNames.Require(name, id + ".type");
                return (MessageDispatcherConfigurator)Activator.CreateInstance(type, config, Prerequisites)!;
        }
    }

    private static string Quoted(string text) => $"\"{text}\"";
}

/// <summary>One dispatcher for all users of an id, on the executor that the section names.</summary>
public sealed class DispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly Dispatcher _instance;

    public DispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites) : base(config, prerequisites) =>
        _instance = new Dispatcher(this, config.GetString("id")!, config.GetInt("throughput", 30), DeadlineOf(config),
            ConfigureExecutor(),
            config.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(1)));

    public override MessageDispatcher Dispatcher() => _instance;

    internal static long? DeadlineOf(Config config) => config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero).Ticks;
}

/// <summary>A dispatcher with a thread of its own for each actor.</summary>
internal sealed class PinnedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    public override MessageDispatcher Dispatcher() => new PinnedDispatcher(this, Config.GetString("id")!, int.MaxValue,
        DispatcherConfigurator.DeadlineOf(Config),
            Executors.ExecutorChoice.Pinned(Config, Prerequisites),
        Config.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(1)));
}
