using Akka.Dispatch;

namespace Akka.Embedded.Simulation;

/// <summary>Work that could run now. It has no order: any piece may be the next one.</summary>
internal sealed class ReadyList
{
    private readonly List<(SimulatedNode Node, IRunnable Run)> _work = [];

    public int Count => _work.Count;

    public void Add(SimulatedNode node, IRunnable run) => _work.Add((node, run));

    public (SimulatedNode Node, IRunnable Run) Take(int index)
    {
        var taken = _work[index];
        _work[index] = _work[^1];
        _work.RemoveAt(_work.Count - 1);
        return taken;
    }

    public IRunnable[] RemoveOf(SimulatedNode node)
    {
        IRunnable[] removed = [.. _work.Where(w => w.Node == node).Select(w => w.Run)];
        _work.RemoveAll(w => w.Node == node);
        return removed;
    }
}
