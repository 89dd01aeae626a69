using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>Runs an actor on the thread that sends to it; a send to an actor that is just running is handled when it is
/// done.</summary>
public class CallingThreadDispatcher : MessageDispatcher
{
    /// <summary>Its name in the configuration.</summary>
    public static new string Id = "akka.test.calling-thread-dispatcher";

    public CallingThreadDispatcher(MessageDispatcherConfigurator configurator) : base(configurator)
    {
    }

    protected override void ExecuteTask(IRunnable run) => run.Run();

    protected override void Shutdown()
    {
    }
}

public class CallingThreadDispatcherConfigurator : MessageDispatcherConfigurator
{
    public CallingThreadDispatcherConfigurator(
        Config config, IDispatcherPrerequisites prerequisites) : base(config, prerequisites)
    {
    }

    public override MessageDispatcher Dispatcher() =>
        new CallingThreadDispatcher(this) { Throughput = Config.GetInt("throughput", int.MaxValue) };
}
