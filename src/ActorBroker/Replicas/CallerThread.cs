using ActorBroker.Threads;

namespace ActorBroker.Replicas;

/// <summary>
/// What the current thread may be used for by <see cref="PartitionDispatcher"/>. A connection lends its thread while it tells
/// replicas; a replica that is idle then runs on it at once, and what its answers set going runs on it afterwards.
/// </summary>
/// <remarks>
/// A hand-off to another thread costs more than the work itself. The bounds: a thread is lent explicitly, a replica that runs on
/// it does not run another one (one level), a mailbox run is bounded by the dispatcher's throughput and deadline, and of the work
/// that it sets going at most <see cref="MaxContinuations"/> pieces run here, the others on the thread pool.
/// </remarks>
internal static class CallerThread
{
    private const int MaxContinuations = 4;

    private enum Mode : byte
    {
        NotLent,
        Lent,
        RunsMailbox,
    }

    [ThreadStatic]
    private static Mode t_mode;

    [ThreadStatic]
    private static bool t_continues;

    [ThreadStatic]
    private static Queue<(IThreadPoolWorkItem Work, WorkPool Pool)>? t_continuations;

    /// <summary>Lends the thread until the scope is disposed, on the same thread: no <c>await</c> in between.</summary>
    public static Loan Lend()
    {
        if (t_mode != Mode.NotLent) return new Loan(outermost: false);
        t_mode = Mode.Lent;
        return new Loan(outermost: true);
    }

    /// <summary>Runs the mailbox here, if the thread is lent and does not run one already.</summary>
    public static bool TryRun(IThreadPoolWorkItem mailbox)
    {
        if (t_mode != Mode.Lent) return false;
        t_mode = Mode.RunsMailbox;
        try
        {
            mailbox.Execute();
        }
        finally
        {
            t_mode = Mode.Lent;
        }
        return true;
    }

    /// <summary>Runs the mailbox on this thread of the pool.</summary>
    public static void RunOnPool(IThreadPoolWorkItem mailbox)
    {
        t_mode = Mode.RunsMailbox;
        try
        {
            mailbox.Execute();
        }
        finally
        {
            t_mode = Mode.NotLent;
            Continue();
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> after the mailbox that runs on this thread, if one does; else on the pool.
    /// </summary>
    public static void RunAfterMailbox(IThreadPoolWorkItem work, WorkPool pool)
    {
        if (t_mode == Mode.RunsMailbox) (t_continuations ??= new()).Enqueue((work, pool));
        else pool.Queue(work);
    }

    private static void Continue()
    {
        if (t_continues || t_continuations is not { Count: > 0 } continuations) return;
        t_continues = true; // What they set going in turn waits for this loop, instead of deepening the stack.
        try
        {
            for (var left = MaxContinuations; left > 0 && continuations.TryDequeue(out var next); left--) next.Work.Execute();
        }
        finally
        {
            t_continues = false;
            while (continuations.TryDequeue(out var next)) next.Pool.Queue(next.Work);
        }
    }

    /// <summary>The thread is lent until this is disposed; then the work that was set going runs.</summary>
    public readonly ref struct Loan(bool outermost)
    {
        public void Dispose()
        {
            if (!outermost) return;
            t_mode = Mode.NotLent;
            Continue();
        }
    }
}
