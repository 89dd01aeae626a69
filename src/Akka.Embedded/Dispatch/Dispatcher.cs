namespace Akka.Dispatch;

/// <summary>A dispatcher that leaves the work to an executor, made when first needed and again after a shutdown.</summary>
public class Dispatcher : MessageDispatcher
{
    private readonly Lock _gate = new();
    private readonly ExecutorServiceFactory _executors;
    private volatile ExecutorService? _executor;

    public Dispatcher(MessageDispatcherConfigurator configurator, string id, int throughput, long? throughputDeadlineTime,
        ExecutorServiceFactory executorServiceFactory, TimeSpan shutdownTimeout) : base(configurator)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = throughputDeadlineTime;
        ShutdownTimeout = shutdownTimeout;
        _executors = executorServiceFactory;
    }

    protected override void ExecuteTask(IRunnable run)
    {
        while (true)
        {
            var executor = _executor ?? Start();
            try
            {
                executor.Execute(run);
                return;
            }
            catch (RejectedExecutionException) when (executor != _executor)
            {
                // It was shut down just now, idle; new work starts a new one, or somebody else's has.
            }
        }
    }

    protected override void Shutdown()
    {
        ExecutorService? stopping;
        lock (_gate)
        {
            stopping = _executor;
            _executor = null;
        }
        stopping?.Shutdown();
    }

    private ExecutorService Start()
    {
        lock (_gate) return _executor ??= _executors.Produce(Id);
    }
}

/// <summary>A dispatcher for one actor, on a thread of its own.</summary>
public sealed class PinnedDispatcher(MessageDispatcherConfigurator configurator, string id, int throughput,
    long? throughputDeadlineTime,
    ExecutorServiceFactory executorServiceFactory, TimeSpan shutdownTimeout)
    : Dispatcher(configurator, id, throughput, throughputDeadlineTime, executorServiceFactory, shutdownTimeout);
