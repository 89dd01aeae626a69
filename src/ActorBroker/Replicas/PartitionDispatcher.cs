using ActorBroker.Threads;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;

namespace ActorBroker.Replicas;

/// <summary>
/// <c>partition-dispatcher</c>: runs a replica on the caller's thread when the replica is idle and the caller lends its thread
/// (<see cref="CallerThread"/>), else on the thread pool.
/// </summary>
internal sealed class PartitionDispatcher : MessageDispatcher
{
    private readonly WorkPool _pool;

    public PartitionDispatcher(MessageDispatcherConfigurator configurator)
        : base(configurator)
    {
        var config = configurator.Config;
        var setup = configurator.Prerequisites.Settings.Setup.Get<WorkPoolSetup>();
        _pool = setup.HasValue ? setup.Value.Pool : WorkPool.Real;
        Id = config.GetString("id", "partition-dispatcher");
        Throughput = config.GetInt("throughput", DefaultThroughput);
        var deadline = config.GetTimeSpan("throughput-deadline-time", TimeSpan.FromMilliseconds(1));
        ThroughputDeadlineTime = deadline > TimeSpan.Zero ? deadline.Ticks : null;
    }

    protected override void ExecuteTask(IRunnable run)
    {
        if (!CallerThread.TryRun(run)) _pool.Queue(new OnPool(run));
    }

    protected override void Shutdown()
    {
        // It has no threads of its own.
    }

    private sealed class OnPool(IRunnable run) : IThreadPoolWorkItem
    {
        public void Execute() => CallerThread.RunOnPool(run);
    }
}

/// <summary>The pool of an actor system's replicas, where it is not the real one.</summary>
internal sealed class WorkPoolSetup(WorkPool pool) : Setup
{
    public WorkPool Pool { get; } = pool;
}

/// <summary>Named by <c>type</c> in the dispatcher's configuration. One dispatcher for all its actors.</summary>
internal sealed class PartitionDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly PartitionDispatcher _dispatcher;

    public PartitionDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _dispatcher = new PartitionDispatcher(this);

    public override MessageDispatcher Dispatcher() => _dispatcher;
}
