using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Embedded.Tests.Embedded.Dispatch;

public sealed class RestartedExecutorTests : SystemTest
{
    protected override string Hocon =>
        "late { type = Dispatcher, executor = \"Akka.Embedded.Tests.Embedded.Dispatch.LateConfigurator, Akka.Embedded.Tests\" }";

    /// <summary>It has lost its last actor and is shut down, somebody else starts it again, and only then the executor that was
    /// asked first says no.</summary>
    [Fact]
    public async Task Work_that_comes_too_late_for_one_executor_goes_to_the_next()
    {
        var dispatcher = Sys.Dispatchers.Lookup("late");
        LateConfigurator.Restart = () =>
        {
            dispatcher.ShutdownIfEmpty();
            dispatcher.Schedule(() => Saw("somebody else's"));
        };
        dispatcher.Schedule(() => Saw("late"));
        await Expect("somebody else's", "late");
    }
}

/// <summary>Its first executor refuses its first work, after a restart; the others run it at once.</summary>
public sealed class LateConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    private bool _made;

    public static Action Restart { get; set; } = () => { };

    public override ExecutorService Produce(string id) => new Executor(id, isLate: !Interlocked.Exchange(ref _made, true));

    private sealed class Executor(string id, bool isLate) : ExecutorService(id)
    {
        public override void Execute(IRunnable run)
        {
            if (!isLate)
            {
                run.Run();
                return;
            }
            Restart();
            throw new RejectedExecutionException("Shut down.");
        }

        public override void Shutdown() { }
    }
}
