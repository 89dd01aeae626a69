using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Xunit.Abstractions;

namespace Akka.Embedded.Tests.TestKit;

public class TestKitTests
{
    [Fact]
    public async Task The_system_ends_with_its_test()
    {
        var kit = new Kit(ConfigurationFactory.ParseString("my.key = 1"), "my-system");
        Assert.Equal("my-system", kit.Sys.Name);
        Assert.Equal(1, kit.Sys.Settings.Config.GetInt("my.key"));
        Assert.False(kit.Sys.WhenTerminated.IsCompleted);
        kit.Dispose();
        await kit.Sys.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(kit.AfterAllCalled);
        kit.Dispose();
    }

    [Fact]
    public async Task A_system_that_was_given_outlives_the_test()
    {
        var system = ActorSystem.Create("given");
        var kit = new Akka.TestKit.Xunit2.TestKit(system);
        kit.TestActor.Tell("a");
        kit.ExpectMsg("a");
        kit.Dispose();
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_log_goes_to_the_output_of_the_test()
    {
        var output = new Lines();
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka { loglevel = INFO, stdout-loglevel = OFF }", output);
        kit.Log.Info("for {0}", "the output");
        kit.AwaitAssert(() => Assert.Contains(output.All, line => line.Contains("for the output")));
    }

    [Fact]
    public void After_a_test_its_thread_sends_in_nobodys_name()
    {
        using (new Akka.TestKit.Xunit2.TestKit())
        {
            Assert.NotNull(ActorCell.GetCurrentSelfOrNoSender());
        }

        Assert.Null(ActorCell.GetCurrentSelfOrNoSender());
    }

    [Fact]
    public void Unreasonable_settings_are_refused() =>
        Assert.ThrowsAny<ConfigurationException>(() => new Akka.TestKit.Xunit2.TestKit("akka.test.timefactor = 0"));

    private sealed class Kit(Config config, string name) : Akka.TestKit.Xunit2.TestKit(config, name)
    {
        public bool AfterAllCalled { get; private set; }

        protected override void AfterAll()
        {
            AfterAllCalled = true;
            base.AfterAll();
        }
    }

    private sealed class Lines : ITestOutputHelper
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_lines) return [.. _lines];
            }
        }

        public void WriteLine(string message)
        {
            lock (_lines) _lines.Add(message);
        }

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));
    }
}
