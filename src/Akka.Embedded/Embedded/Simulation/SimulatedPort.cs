using Akka.Embedded.Transports;

namespace Akka.Embedded.Simulation;

/// <summary>A port at which a process listens, until it is disposed or the process ends.</summary>
internal sealed class SimulatedPort(SimulatedNetwork network, SimulatedNode node, Action<IConnection> accepted) : IDisposable
{
    private static readonly long RetryTicks = TimeSpan.FromSeconds(1).Ticks;

    public SimulatedNode Node => node;

    private Action<IConnection>? Accepted { get; set; } = accepted;

    public void Dispose()
    {
        Accepted = null;
        network.StopListening(this);
    }

    /// <summary>Opens a connection from a process to whoever listens there.</summary>
    /// <exception cref="IOException">By the task: nobody listens.</exception>
    public static Task<SimulatedConnection> DialAsync(
        SimulatedNetwork network, SimulatedNode from, string host, int port, CancellationToken cancellationToken)
    {
        from.World.CheckThread();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<SimulatedConnection>(cancellationToken);
        var dialed = new TaskCompletionSource<SimulatedConnection>();
        // Never within the one who cancels: what awaits the task is no part of it.
        var giveUp = cancellationToken.Register(() => Later(from, 0, () => dialed.TrySetCanceled(cancellationToken)));
        dialed.Task.ContinueWith(_ => giveUp.Unregister(), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Knock(network, from, host, port, dialed);
        return dialed.Task;
    }

    // The kernel's part: it needs the other process to listen, not to run.
    private static void Knock(
        SimulatedNetwork network, SimulatedNode from, string host, int port, TaskCompletionSource<SimulatedConnection> dialed)
    {
        var world = from.World;
        var (there, back) = (network.LinkOf(from.Name, host), network.LinkOf(host, from.Name));
        world.Add(new ActionEvent(null, () =>
        {
            if (dialed.Task.IsCompleted || from.State == NodeState.Ended) return;
            if (there.IsCut || back.IsCut)
                world.Add(new ActionEvent(null, () => Knock(network, from, host, port, dialed)), RetryTicks);
            else if (network.ListenerAt(host, port) is { } listener)
                listener.Connect(from, dialed);
            else
                Later(from, network.DelayOf(back),
                    () => dialed.TrySetException(new IOException($"{host}:{port} refused the connection.")));
        }), network.DelayOf(there));
    }

    private void Connect(SimulatedNode from, TaskCompletionSource<SimulatedConnection> dialed)
    {
        var mine = new SimulatedConnection(network, from, node.Name);
        var theirs = new SimulatedConnection(network, node, from.Name);
        mine.Join(theirs);
        Later(from, network.DelayOf(network.LinkOf(node.Name, from.Name)), () =>
        {
            if (!dialed.TrySetResult(mine)) mine.Close();
        });
        Later(node, 0, () =>
        {
            if (Accepted is { } accepted) accepted(theirs);
            else theirs.Close();
        });
    }

    private static void Later(SimulatedNode node, long ticks, Action action) =>
        node.World.Add(new ActionEvent(node, action), ticks);
}
