namespace ActorBroker.Threads;

/// <summary>Where work goes that must not run within what sets it going: the thread pool, or what a simulator has in its
/// place.</summary>
internal abstract class WorkPool
{
    /// <summary>.NET's.</summary>
    public static readonly WorkPool Real = new ThreadPoolWork();

    /// <summary>For the source of a task whose end is <see cref="Promise{T}"/>'s to tell.</summary>
    public abstract TaskCreationOptions SourceOptions { get; }

    public abstract void Queue(IThreadPoolWorkItem work);

    /// <summary>Ends a task made with <see cref="SourceOptions"/>; who awaits it goes on elsewhere.</summary>
    public abstract void End(Action end);

    private sealed class ThreadPoolWork : WorkPool
    {
        public override TaskCreationOptions SourceOptions => TaskCreationOptions.RunContinuationsAsynchronously;

        public override void Queue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

        public override void End(Action end) => end();
    }
}
