using Akka.Actor;
using Akka.Embedded;
using Akka.Event;

namespace Akka.Cluster;

public partial class Cluster
{
    private readonly TaskCompletionSource<Done> _ended;
    private volatile bool _terminated;

    /// <summary>This node's part in the cluster has ended: it takes a new system to join again.</summary>
    public bool IsTerminated => _terminated;

    /// <summary>Ends this node's part in the cluster.</summary>
    internal void Shutdown()
    {
        if (Interlocked.Exchange(ref _terminated, true)) return;
        Log.Info("Ends its part in the cluster");
        System.Stop(_daemon);
    }

    /// <summary>The cluster's actors have stopped.</summary>
    internal void Ended()
    {
        _terminated = true;
        _ended.TrySetResult(Done.Instance);
        if (Settings.RunCoordinatedShutdownWhenDown)
            _ = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    private void AddShutdownTasks(CoordinatedShutdown shutdown)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", () => Await(ShutdownStep.Leave));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExiting, "wait-exiting", () => Await(ShutdownStep.AwaitExiting));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed",
            () => Await(ShutdownStep.ExitingCompleted));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "wait-shutdown", () => _ended.Task);
    }

    private async Task<Done> Await(ShutdownStep step)
    {
        if (_terminated) return Done.Instance;
        var done = new TaskCompletionSource<Done>(Completion.Options(System.Settings));
        _daemon.Tell(new ClusterCommand.Shutdown(step, done), ActorRefs.NoSender);
        // The command may come too late for the actors to answer it.
        await Task.WhenAny(done.Task, _ended.Task).ConfigureAwait(false);
        return Done.Instance;
    }
}
