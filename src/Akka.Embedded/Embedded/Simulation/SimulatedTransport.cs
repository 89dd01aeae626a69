using Akka.Actor;
using Akka.Embedded.Transports;

namespace Akka.Embedded.Simulation;

/// <summary>A node's door to the <see cref="SimulatedNetwork"/>.</summary>
internal sealed class SimulatedTransport(SimulatedNetwork network, SimulatedNode node, ExtendedActorSystem system) : ITransport
{
    private const int FirstFreePort = 20000;
    private static readonly long RetryTicks = TimeSpan.FromSeconds(1).Ticks;

    private Action<IConnection>? _accepted;

    public string Scheme => "tcp";
    public SimulatedNode Node => node;
    private SimulatedWorld World => node.World;

    /// <summary>At the node's name, at the port that the configuration says; 0: at any.</summary>
    public Task<Address> ListenAsync(Action<IConnection> accepted)
    {
        World.CheckThread();
        _accepted = accepted;
        var port = system.Settings.Config.GetInt("akka.remote.dot-netty.tcp.port", 0);
        if (port == 0)
            for (port = FirstFreePort; network.ListenerAt(node.Name, port) is not null;) port++;
        try
        {
            network.Listen(this, node.Name, port);
        }
        catch (IOException e)
        {
            return Task.FromException<Address>(e);
        }
        return Task.FromResult(new Address(Scheme, system.Name, node.Name, port));
    }

    public Task<IConnection> ConnectAsync(Address remote, CancellationToken cancellationToken)
    {
        World.CheckThread();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IConnection>(cancellationToken);
        var dialed = new TaskCompletionSource<IConnection>();
        // Never within the one who cancels: what awaits the task is no part of it.
        var giveUp = cancellationToken.Register(() => Later(0, () => dialed.TrySetCanceled(cancellationToken)));
        dialed.Task.ContinueWith(_ => giveUp.Unregister(), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Knock(remote.Host ?? "", remote.Port ?? 0, dialed);
        return dialed.Task;
    }

    public Task ShutdownAsync()
    {
        World.CheckThread();
        _accepted = null;
        network.StopListening(this);
        foreach (var connection in network.ConnectionsOf(node)) connection.Close();
        return Task.CompletedTask;
    }

    // The kernel's part: it needs the other process to listen, not to run.
    private void Knock(string host, int port, TaskCompletionSource<IConnection> dialed)
    {
        var (there, back) = (network.LinkOf(node.Name, host), network.LinkOf(host, node.Name));
        World.Add(new ActionEvent(null, () =>
        {
            if (dialed.Task.IsCompleted || node.State == NodeState.Ended) return;
            if (there.IsCut || back.IsCut)
                World.Add(new ActionEvent(null, () => Knock(host, port, dialed)), RetryTicks);
            else if (network.ListenerAt(host, port) is { } listener)
                Connect(listener, dialed);
            else
                Later(network.DelayOf(back),
                    () => dialed.TrySetException(new IOException($"{host}:{port} refused the connection.")));
        }), network.DelayOf(there));
    }

    private void Connect(SimulatedTransport listener, TaskCompletionSource<IConnection> dialed)
    {
        var mine = new SimulatedConnection(network, node, listener.Node.Name);
        var theirs = new SimulatedConnection(network, listener.Node, node.Name);
        mine.Join(theirs);
        Later(network.DelayOf(network.LinkOf(listener.Node.Name, node.Name)), () =>
        {
            if (!dialed.TrySetResult(mine)) mine.Close();
        });
        listener.Later(0, () =>
        {
            if (listener._accepted is { } accepted) accepted(theirs);
            else theirs.Close();
        });
    }

    private void Later(long ticks, Action action) => World.Add(new ActionEvent(node, action), ticks);
}
