using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Embedded.Tests.Event;

public sealed class LoggingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_logger_named_in_the_configuration_gets_events_of_its_level()
    {
        var log = new Collected();
        var system = Start(log, "loglevel = WARNING");
        system.Log.Info("too low");
        system.Log.Warning("number {0} of {1}", 1, 2);
        system.Log.Error(new InvalidOperationException("why"), "bad");
        await Until(() => log.Events.Count(e => e.LogSource.Contains("ActorSystem", StringComparison.Ordinal)) == 2);
        await system.Terminate().WaitAsync(Patience);

        var events = log.Events.Where(e => e.LogSource.Contains("ActorSystem", StringComparison.Ordinal)).ToArray();
        Assert.Equal("number 1 of 2", events[0].Message.ToString());
        Assert.Equal(LogLevel.WarningLevel, events[0].LogLevel());
        Assert.Equal("why", events[1].Cause!.Message);
    }

    [Fact]
    public async Task An_actor_s_log_carries_its_path_and_class()
    {
        var log = new Collected();
        var system = Start(log, "loglevel = INFO");
        var actor = system.ActorOf(Fn.Props((m, c) => c.GetLogger().Info("got {0}", m)), "talker");
        actor.Tell("x");
        await Until(() => log.Events.Any(e => e.LogSource == "akka://logs/user/talker"));
        await system.Terminate().WaitAsync(Patience);
        var entry = log.Events.First(e => e.LogSource == "akka://logs/user/talker");
        Assert.Equal(typeof(Fn), entry.LogClass);
        Assert.Equal("got x", entry.Message.ToString());
    }

    [Fact]
    public async Task Dead_letters_are_logged_up_to_a_number()
    {
        var log = new Collected();
        var system = Start(log, "loglevel = INFO, log-dead-letters = 2");
        await Until(() =>
        {
            system.DeadLetters.Tell("lost"); // Until the listener has started.
            return Logged() == 2;
        });
        for (var i = 0; i < 5; i++) system.DeadLetters.Tell("lost");
        await system.Terminate().WaitAsync(Patience);
        Assert.Equal(2, Logged());

        int Logged() =>
            log.Events.Count(e => e.Message.ToString()!.Contains("dead letters", StringComparison.Ordinal));
    }

    [Fact]
    public void A_logger_that_is_no_class_stops_the_start() =>
        Assert.Contains("No.Such.Logger", Assert.Throws<ConfigurationException>(
            () => ActorSystem.Create("logs",
                ConfigurationFactory.ParseString("akka.loggers = [No.Such.Logger], akka.stdout-loglevel = OFF"))).Message,
                    StringComparison.Ordinal);

    private static ActorSystem Start(Collected log, string settings) => ActorSystem.Create("logs", ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString($$"""
            akka { loggers = ["Akka.Embedded.Tests.Event.CollectingLogger, Akka.Embedded.Tests"], stdout-loglevel = OFF,
                {{settings}} }
            """)), log));

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(5, patience.Token);
    }
}

/// <summary>
/// Where a <see cref="CollectingLogger"/> leaves what it gets: the way a host hands things of its own to a logger.
/// </summary>
public sealed class Collected : Akka.Actor.Setup.Setup
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<LogEvent> _events = new();

    public IReadOnlyCollection<LogEvent> Events => _events;
    public void Add(LogEvent entry) => _events.Enqueue(entry);
}

public sealed class CollectingLogger : ReceiveActor
{
    public CollectingLogger()
    {
        var log = Context.System.Settings.Setup.Get<Collected>().Value;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(log.Add);
    }
}
