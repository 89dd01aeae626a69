using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Internal;
using Akka.TestKit.Xunit2.Internals;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>Base of xUnit tests: each test has a system of its own, which ends with it.</summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>Where the system's log goes; null for nowhere.</summary>
    protected readonly ITestOutputHelper? Output;

    private readonly bool _ownsSystem;
    private bool _isDisposed;

    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null) : base(Assertions, system)
    {
        _ownsSystem = system is null;
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(
        ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null) : base(Assertions, config,
        actorSystemName)
    {
        _ownsSystem = true;
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(
        Config? config, string? actorSystemName = null, ITestOutputHelper? output = null) : base(Assertions, config,
        actorSystemName)
    {
        _ownsSystem = true;
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(string config, ITestOutputHelper? output = null) : this(ConfigurationFactory.ParseString(config), null, output)
    {
    }

    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    protected static XunitAssertions Assertions { get; } = new();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs after the test; ends the system.</summary>
    protected virtual void AfterAll()
    {
        if (_ownsSystem) Shutdown();
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_isDisposed || !disposing) return;
        _isDisposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            ImplicitSender.Clear();
        }
    }

    protected void InitializeLogger(ActorSystem system) => StartLogger(system, Output);

    /// <param name="prefix">Stands before each line.</param>
    protected void InitializeLogger(ActorSystem system, string prefix) =>
        StartLogger(system, Output is null ? null : new PrefixedOutput(Output, prefix));

    private static void StartLogger(ActorSystem system, ITestOutputHelper? output)
    {
        if (output is null) return;
        var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new TestOutputLogger(output)), "log-test");
        logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), TimeSpan.FromSeconds(10)).Wait();
    }

    private sealed class PrefixedOutput(ITestOutputHelper output, string prefix) : ITestOutputHelper
    {
        public void WriteLine(string message) => output.WriteLine($"{prefix}: {message}");

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));
    }
}
