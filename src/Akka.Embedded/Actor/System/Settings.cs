using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Embedded;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The configuration of a system: what the user gave, above the runtime's own defaults.</summary>
public class Settings
{
    private readonly Config _userConfig;
    private Config _fallback = ConfigurationFactory.Default();

    public Settings(ActorSystem system, Config config) : this(system, config, ActorSystemSetup.Empty) { }

    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        World = setup.Get<EmbeddedSetup>().GetOrElse(new EmbeddedSetup());
        Time = World.Scheduler is { } scheduler ? new SchedulerTime(scheduler) : TimeProvider.System;
        _userConfig = config;
        Config = config.SafeWithFallback(_fallback)!;

        var bootstrap = setup.Get<BootstrapSetup>();
        ProviderSelectionType = bootstrap.HasValue && bootstrap.Value.ActorRefProvider.HasValue
            ? bootstrap.Value.ActorRefProvider.Value
            : ProviderSelection.GetProvider(Text("akka.actor.provider"));
        LogFormatter = (ILogMessageFormatter?)New(Text("akka.logger-formatter"),
            "akka.logger-formatter") ?? DefaultLogMessageFormatter.Instance;
        StdoutLogger = (MinimalLogger)New(Text("akka.stdout-logger-class"), "akka.stdout-logger-class")!;
        Loggers = [.. Config.GetStringList("akka.loggers")];
        LogDeadLetters = Text("akka.log-dead-letters").ToLowerInvariant() switch
        {
            "off" or "false" => 0,
            "on" or "true" => int.MaxValue,
            _ => Config.GetInt("akka.log-dead-letters"),
        };
        LogDeadLettersSuspendDuration = Text("akka.log-dead-letters-suspend-duration") is "infinite"
            ? Timeout.InfiniteTimeSpan
            : Config.GetTimeSpan("akka.log-dead-letters-suspend-duration");
        // Read often: for each Ask, each start of an actor.
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle");
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
    }

    public ActorSystem System { get; }
    public Config Config { get; private set; }
    public ActorSystemSetup Setup { get; }

    /// <summary>Network, time, threads and chance, where they are not the real ones.</summary>
    internal EmbeddedSetup World { get; }

    /// <summary>All work is done by one thread that is not the runtime's: nothing may wait, or go to the thread pool.</summary>
    internal bool IsSimulated => World.Executor is not null;

    /// <summary>Time for what waits outside of actors.</summary>
    internal TimeProvider Time { get; }

    /// <summary>Where uids, jitter and choices come from.</summary>
    internal Random Random => World.Random ?? Random.Shared;

    internal Guid NewGuid()
    {
        if (World.Random is not { } random) return Guid.NewGuid();
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public ProviderSelection ProviderSelectionType { get; }
    public string ProviderClass => ProviderSelectionType.Fqn;
    public bool HasCluster => ProviderSelectionType.HasCluster;
    public string SupervisorStrategyClass => Text("akka.actor.guardian-supervisor-strategy");
    public string SchedulerClass => Text("akka.scheduler.implementation");
    public TimeSpan AskTimeout { get; }

    public IList<string> Loggers { get; }
    public string LoggersDispatcher => Text("akka.loggers-dispatcher");
    public TimeSpan LoggerStartTimeout => Config.GetTimeSpan("akka.logger-startup-timeout");
    public bool LoggerAsyncStart => Config.GetBoolean("akka.logger-async-start");
    public string LogLevel => Text("akka.loglevel");
    public string StdoutLogLevel => Text("akka.stdout-loglevel");
    public MinimalLogger StdoutLogger { get; }
    public ILogMessageFormatter LogFormatter { get; }
    public bool LogConfigOnStart => Config.GetBoolean("akka.log-config-on-start");
    public int LogDeadLetters { get; }
    public bool LogDeadLettersDuringShutdown => Config.GetBoolean("akka.log-dead-letters-during-shutdown");
    public TimeSpan LogDeadLettersSuspendDuration { get; }

    public bool DebugLifecycle { get; }
    public bool DebugEventStream { get; }
    public bool DebugUnhandledMessage { get; }

    public TimeSpan SchedulerShutdownTimeout => Config.GetTimeSpan("akka.scheduler.shutdown-timeout");
    public bool CoordinatedShutdownTerminateActorSystem => Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
    public bool CoordinatedShutdownRunByActorSystemTerminate =>
        Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");

    /// <summary>Puts defaults of an extension below all else.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallback = config.SafeWithFallback(_fallback)!;
        Config = _userConfig.SafeWithFallback(_fallback)!;
    }

    public override string ToString() => Config.ToString();

    private string Text(string key) => Config.GetString(key, "") ?? "";

    private static object? New(string typeName, string key)
    {
        if (typeName.Length == 0) return null;
        var type = TypeNames.Require(typeName, key);
        return type.GetField("Instance")?.GetValue(null) ?? Activator.CreateInstance(type, nonPublic: true);
    }
}
