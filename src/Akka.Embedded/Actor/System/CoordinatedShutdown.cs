using Akka.Embedded;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Makes the <see cref="CoordinatedShutdown"/> of a system.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => CoordinatedShutdown.Create(system);
}

/// <summary>Stops a system in phases: tasks of a phase run side by side, the next phase begins when all have ended or its
/// time is over.</summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ShutdownPhases _phases;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private readonly ILoggingAdapter _log;
    private Task<Done>? _ended;

    private CoordinatedShutdown(ExtendedActorSystem system, ShutdownPhases phases)
    {
        System = system;
        _phases = phases;
        _log = Logging.GetLogger(system, GetType());
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Why the shutdown runs; null before.</summary>
    public Reason? ShutdownReason { get; private set; }

    public TimeSpan TotalTimeout => _phases.Order.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));

    public static CoordinatedShutdown Get(ActorSystem sys) =>
        sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    public TimeSpan Timeout(string phase) => _phases.Of(phase).Timeout;

    /// <summary>Adds a task to a phase that has not begun.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        _phases.Of(phase);
        if (string.IsNullOrEmpty(taskName)) throw new ArgumentException("A task needs a name.", nameof(taskName));
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks)) _tasks.Add(phase, tasks = []);
            tasks.Add((taskName, task));
        }
    }

    /// <summary>Starts the shutdown, or gives the one that runs already.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        TaskCompletionSource<Done> run;
        lock (_gate)
        {
            if (_ended is not null) return _ended;
            run = new TaskCompletionSource<Done>(Completion.Options(System.Settings));
            _ended = Completion.Seen(run.Task, System.Settings);
            ShutdownReason = reason;
        }
        _ = RunPhases(fromPhase, run);
        return _ended;
    }

    internal static CoordinatedShutdown Create(ExtendedActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown")!;
        var shutdown = new CoordinatedShutdown(system, ShutdownPhases.From(config));
        if (system.Settings.CoordinatedShutdownTerminateActorSystem)
        {
            shutdown.AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
            {
                ((Internal.ActorSystemImpl)system).FinalTerminate();
                await system.WhenTerminated.ConfigureAwait(false);
                return Done.Instance;
            });
        }
        if (config.GetBoolean("run-by-clr-shutdown-hook"))
        {
            EventHandler onExit = (_, _) => shutdown.Run(ClrExitReason.Instance).Wait(shutdown.TotalTimeout);
            AppDomain.CurrentDomain.ProcessExit += onExit;
            system.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= onExit);
        }
        return shutdown;
    }

    private async Task RunPhases(string? fromPhase, TaskCompletionSource<Done> run)
    {
        try
        {
            foreach (var phase in fromPhase is null ? _phases.Order : _phases.Order.SkipWhile(p => p != fromPhase))
            {
                if (!_phases.Of(phase).Enabled) continue;
                await RunPhase(phase).ConfigureAwait(false);
            }
            run.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            run.TrySetException(e);
        }
    }

    private async Task RunPhase(string phase)
    {
        (string Name, Func<Task<Done>> Task)[] tasks;
        lock (_gate) tasks = _tasks.TryGetValue(phase, out var list) ? [.. list] : [];
        if (tasks.Length == 0) return;
        var (_, timeout, recover, _) = _phases.Of(phase);
        var all = Task.WhenAll(tasks.Select(t => RunTask(phase, t.Name, t.Task, recover)));
        try
        {
            await all.WaitAsync(timeout, System.Settings.Time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (recover)
        {
            _log.Warning("Shutdown goes on: phase [{0}] has had its {1}", phase, timeout);
        }
    }

    private async Task RunTask(string phase, string name, Func<Task<Done>> task, bool recover)
    {
        try
        {
            // Not on the caller's thread: it may be an actor's.
            await Completion.Run(System.Settings, task).ConfigureAwait(false);
        }
        catch (Exception e) when (recover)
        {
            _log.Warning("Shutdown goes on: task [{0}] of phase [{1}] failed: {2}", name, phase, e.Message);
        }
    }

    /// <summary>Why a system is stopped.</summary>
    public class Reason
    {
        protected Reason() { }
    }

    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason() { }
    }

    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason() { }
    }

    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason() { }
    }

    public class ClusterDowningReason : Reason
    {
        public static readonly Reason Instance = new ClusterDowningReason();

        private ClusterDowningReason() { }
    }

    public class ClusterLeavingReason : Reason
    {
        public static readonly Reason Instance = new ClusterLeavingReason();

        private ClusterLeavingReason() { }
    }

    public class ClusterJoinUnsuccessfulReason : Reason
    {
        public static readonly Reason Instance = new ClusterJoinUnsuccessfulReason();

        private ClusterJoinUnsuccessfulReason() { }
    }
}
