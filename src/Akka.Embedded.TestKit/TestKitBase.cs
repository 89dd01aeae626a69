using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Configs;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>
/// An actor system under test, an actor in it that stands for the test, and ways to say what that actor should get.
/// </summary>
/// <remarks>
/// One test, one kit, one thread at a time. Times are dilated by <c>akka.test.timefactor</c>. Each method that waits has an
/// Async twin; see <see cref="Wait"/> for how both share a body.
/// </remarks>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static int s_testActors;

    private readonly ITestKitAssertions _assertions;
    private readonly ReceivedMessages _queue = new();
    private MessageEnvelope _last = NullMessageEnvelope.Instance;

    /// <summary>Where <see cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/> ends; null outside of it.</summary>
    private TimeSpan? _end;
    private bool _lastWasNoMessage;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    protected TestKitBase(
        ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    protected TestKitBase(
        ITestKitAssertions assertions, Config? config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config ?? Config.Empty)),
            actorSystemName, testActorName)
    {
    }

    private TestKitBase(
        ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup config, string? actorSystemName,
        string? testActorName)
    {
        _assertions = assertions;
        InitializeTest(system, config, actorSystemName, testActorName);
    }

    public static Config DefaultConfig => TestConfigs.DefaultConfig;

    /// <summary>Logs all that actors do; give it to the constructor where a test misbehaves.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = DEBUG
          log-dead-letters-during-shutdown = on
          actor.debug {
            receive = on
            autoreceive = on
            lifecycle = on
            event-stream = on
            unhandled = on
            fsm = on
            router-misconfiguration = on
            testkit = on
          }
        }
        """);

    /// <summary>A clock that only goes on.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public ActorSystem Sys { get; private set; } = null!;

    public TestKitSettings TestKitSettings { get; private set; } = null!;

    public ILoggingAdapter Log { get; private set; } = null!;

    /// <summary>Stands for the test: what is sent to it is what the test expects.</summary>
    public IActorRef TestActor { get; private set; } = null!;

    /// <summary>Has the test actor messages that the test hasn't taken?</summary>
    public bool HasMessages => _queue.Any;

    /// <summary>The message that was last taken; null at first, and after none came.</summary>
    public object? LastMessage => _last.Message;

    /// <summary>Who sent <see cref="LastMessage"/>.</summary>
    public IActorRef LastSender => _last.Sender;

    /// <summary>Takes messages out of the kit's sight: what the function is true for is not queued.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new TestActor.SetIgnore(m => shouldIgnoreMessage(m)));

    /// <inheritdoc cref="IgnoreMessages(Func{object, bool})"/>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        IgnoreMessages(m => m is TMsg typed && shouldIgnoreMessage(typed));

    /// <inheritdoc cref="IgnoreMessages(Func{object, bool})"/>
    public void IgnoreMessages<TMsg>() => IgnoreMessages(m => m is TMsg);

    public void IgnoreNoMessages() => TestActor.Tell(new TestActor.SetIgnore(null));

    /// <summary>Lets <paramref name="pilot"/> react to messages as they come; they are queued for the test all the
    /// same.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new TestActor.SetAutoPilot(pilot));

    /// <summary>Lets the test actor hear of the actor's death, by <see cref="Terminated"/>.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Tell(new TestActor.Watch(actorToWatch));
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Tell(new TestActor.Unwatch(actorToUnwatch));
        return actorToUnwatch;
    }

    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) => Task.FromResult(Watch(actorToWatch));

    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) => Task.FromResult(Unwatch(actorToUnwatch));

    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    public virtual TestLatch CreateTestLatch(int count = 1) =>
        TestLatch.DilatedBy(Dilated, TestKitSettings.DefaultTimeout, count);

    /// <summary>Filters on what the system logs.</summary>
    public EventFilterFactory EventFilter => new(this);

    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    public TestBarrier CreateTestBarrier(int count) => new(this, count, TestKitSettings.DefaultTimeout);

    /// <summary>Another actor that feeds this kit's queue.</summary>
    public IActorRef CreateTestActor(string name) => NewTestActor(name);

    /// <summary>Ends the system and waits for it.</summary>
    /// <param name="verifySystemShutdown">Does it fail the test that the system doesn't end in time?</param>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var time = Dilated(duration ?? TimeSpan.FromSeconds(10));
        if (system.Terminate().Wait(time)) return;
        var message = $"The actor system [{system.Name}] has not ended after {time}.";
        if (verifySystemShutdown) throw new TimeoutException(message);
        system.Log.Warning(message);
    }

    protected void InitializeTest(ActorSystem? system, Config config, string? actorSystemName, string? testActorName) =>
        InitializeTest(system, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName,
            testActorName);

    protected virtual void InitializeTest(
        ActorSystem? system, ActorSystemSetup config, string? actorSystemName, string? testActorName)
    {
        if (system is null)
        {
            var bootstrap = config.Get<BootstrapSetup>();
            var withDefaults = (bootstrap.HasValue ? bootstrap.Value : BootstrapSetup.Create()).WithConfigFallback(DefaultConfig);
            system = ActorSystem.Create(actorSystemName ?? "test", config.WithSetup(withDefaults));
        }

        Sys = system;
        system.Settings.InjectTopLevelFallback(DefaultConfig);
        system.RegisterExtension(new TestKitAssertionsExtension(_assertions));
        TestKitSettings = TestKitExtension.For(system);
        Log = Logging.GetLogger(system, GetType());
        TestActor = NewTestActor(testActorName ?? $"testActor{Interlocked.Increment(ref s_testActors)}");
        if (this is INoImplicitSender) return;

        // From here on, what the test tells has the test actor as its sender.
        ImplicitSender.Set(((ActorRefWithCell)TestActor).Underlying as ActorCell);
    }

    private IActorRef NewTestActor(string name) => ((ExtendedActorSystem)Sys).SystemActorOf(
        Props.Create(() => new InternalTestActor(_queue)).WithDispatcher("akka.test.test-actor.dispatcher"), name);

    [DoesNotReturn]
    internal void FailTest(string message) => Fail(message);

    [DoesNotReturn]
    private void Fail(string message)
    {
        _assertions.Fail("{0}", message);
        throw new InvalidOperationException(message); // Assertions that don't throw are none.
    }
}
