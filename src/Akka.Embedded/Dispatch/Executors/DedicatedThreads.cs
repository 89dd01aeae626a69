using System.Collections.Concurrent;

namespace Akka.Dispatch.Executors;

/// <summary>A fixed number of threads that take work from one queue. A piece of work that throws is reported, and the next one taken.</summary>
internal sealed class DedicatedThreads : ExecutorService
{
    private readonly BlockingCollection<IRunnable> _work = [];
    private readonly Action<Exception> _report;

    public DedicatedThreads(string id, int count, bool background, Action<Exception> report) : base(id)
    {
        _report = report;
        for (var i = 1; i <= count; i++)
            new Thread(Work) { IsBackground = background, Name = $"{id}_{i}" }.Start();
    }

    public override void Execute(IRunnable run)
    {
        try
        {
            _work.Add(run);
        }
        catch (InvalidOperationException e)
        {
            throw new RejectedExecutionException($"The threads of [{Id}] have been shut down.", e);
        }
    }

    /// <summary>The threads finish what is queued and end.</summary>
    public override void Shutdown() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var run in _work.GetConsumingEnumerable())
        {
            try
            {
                run.Run();
            }
            catch (Exception e)
            {
                _report(e); // Scheduled by hand: an actor's exceptions go to its supervisor. A thread lost to one would end the process.
            }
        }
    }
}
