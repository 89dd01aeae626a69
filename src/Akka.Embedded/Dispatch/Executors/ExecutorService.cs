using Akka.Actor;
using Akka.Configuration;
using Akka.Embedded;
using Akka.Event;

namespace Akka.Dispatch
{
    /// <summary>Runs work on threads.</summary>
    public abstract class ExecutorService
    {
        protected ExecutorService(string id) => Id = id;

        public string Id { get; }

        /// <exception cref="RejectedExecutionException">Shut down.</exception>
        public abstract void Execute(IRunnable run);
        public abstract void Shutdown();
    }

    /// <summary>Makes executors.</summary>
    public abstract class ExecutorServiceFactory
    {
        public abstract ExecutorService Produce(string id);
    }

    /// <summary>Makes executors from a dispatcher's section; named there by <c>executor</c>.</summary>
    public abstract class ExecutorServiceConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : ExecutorServiceFactory
    {
        public Config Config { get; } = config;
        public IDispatcherPrerequisites Prerequisites { get; } = prerequisites;
    }

    /// <summary>The executor takes no more work.</summary>
    public class RejectedExecutionException(string? message = null, Exception? inner = null) : AkkaException(message, inner);
}

namespace Akka.Dispatch.Executors
{
    /// <summary>The .NET thread pool.</summary>
    internal sealed class ThreadPoolExecutor(string id) : ExecutorService(id)
    {
        // What an actor causes goes to its thread's own queue, which keeps a conversation of two actors on one thread. But that
        // queue is last in, first out: an actor whose slice is over has to stand in the common one, or it would starve others.
        public override void Execute(IRunnable run) =>
            ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: ActorCell.Current is not null);
        public override void Shutdown() { }
    }

    internal sealed class ThreadPoolConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : ExecutorServiceConfigurator(config, prerequisites)
    {
        public override ExecutorService Produce(string id) => new ThreadPoolExecutor(id);
    }

    /// <summary>Threads of its own, for actors that block.</summary>
    internal sealed class DedicatedThreadsConfigurator : ExecutorServiceConfigurator
    {
        private readonly int _threadCount;
        private readonly bool _background;
        private readonly EventStream _events;

        public DedicatedThreadsConfigurator(Config config, IDispatcherPrerequisites prerequisites, int? threadCount = null)
            : base(config, prerequisites)
        {
            _threadCount = threadCount ?? ThreadCount(config);
            _background = config.GetString("dedicated-thread-pool.threadtype", "background") != "foreground";
            _events = prerequisites.EventStream;
        }

        public override ExecutorService Produce(string id) => new DedicatedThreads(
            id, _threadCount, _background,
            e => _events.Publish(new Error(e, id, typeof(DedicatedThreads), $"Work of [{id}] failed: {e.Message}")));

        private static int ThreadCount(Config config)
        {
            if (config.HasPath("dedicated-thread-pool.thread-count"))
                return Math.Max(1, config.GetInt("dedicated-thread-pool.thread-count"));
            var min = config.GetInt("fork-join-executor.parallelism-min", 2);
            var factor = config.GetDouble("fork-join-executor.parallelism-factor", 1);
            var max = config.GetInt("fork-join-executor.parallelism-max", 64);
            return Math.Clamp((int)Math.Ceiling(Environment.ProcessorCount * factor), min, Math.Max(min, max));
        }
    }

    /// <summary>What the system's <see cref="EmbeddedSetup"/> makes.</summary>
    internal sealed class GivenExecutorConfigurator(Func<string, ExecutorService> make, Config config,
        IDispatcherPrerequisites prerequisites)
        : ExecutorServiceConfigurator(config, prerequisites)
    {
        public override ExecutorService Produce(string id) => make(id);
    }

    /// <summary>Which executor a dispatcher's section asks for.</summary>
    internal static class ExecutorChoice
    {
        public static ExecutorServiceConfigurator Pinned(Config config, IDispatcherPrerequisites prerequisites) =>
            prerequisites.Settings.World.Executor is { } make
                ? new GivenExecutorConfigurator(make, config, prerequisites)
                : new DedicatedThreadsConfigurator(config, prerequisites, threadCount: 1);

        public static ExecutorServiceConfigurator From(Config config, IDispatcherPrerequisites prerequisites)
        {
            if (prerequisites.Settings.World.Executor is { } make)
                return new GivenExecutorConfigurator(make, config, prerequisites);
            if (config.GetString("type", "") == "ForkJoinDispatcher")
                return new DedicatedThreadsConfigurator(config, prerequisites);
            return config.GetString("executor", "") switch
            {
                null or "" or "default-executor" or "thread-pool-executor" or "task-executor" or "channel-executor" =>
                    new ThreadPoolConfigurator(config, prerequisites),
                "fork-join-executor" => new DedicatedThreadsConfigurator(config, prerequisites),
                var name => (ExecutorServiceConfigurator)Activator.CreateInstance(
                    Util.TypeNames.Require(name, config.GetString("id", "") + ".executor"), config, prerequisites)!,
            };
        }
    }
}
