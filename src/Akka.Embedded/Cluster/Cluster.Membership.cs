using Akka.Actor;
using Akka.Embedded;
using Akka.Remote;

namespace Akka.Cluster;

public partial class Cluster
{
    /// <summary>Asks the node at <paramref name="address"/> to be let in. With this node's own address it forms a
    /// cluster.</summary>
    public void Join(Address address) => _daemon.Tell(new ClusterCommand.JoinTo(Complete(address)), ActorRefs.NoSender);

    /// <summary>As <see cref="Join"/>; the task ends when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">By the task: the node's part in the cluster ended first.</exception>
    public Task JoinAsync(Address address, CancellationToken token = default) => Joined(() => Join(address), token);

    /// <summary>As if <c>akka.cluster.seed-nodes</c> had named these.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) =>
        _daemon.Tell(new ClusterCommand.JoinSeedNodes([.. seedNodes.Select(Complete)]), ActorRefs.NoSender);

    /// <summary>As <see cref="JoinSeedNodes"/>; the task ends when this node is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">By the task: the node's part in the cluster ended first.</exception>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default) =>
        Joined(() => JoinSeedNodes(seedNodes), token);

    /// <summary>Lets a member go in good order: Leaving, Exiting, removed.</summary>
    public void Leave(Address address) => _daemon.Tell(new ClusterCommand.Leave(Complete(address)), ActorRefs.NoSender);

    /// <summary>Leaves; the task ends when this node has been removed.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    /// <summary>As <see cref="LeaveAsync()"/>. A cancelled token ends the waiting, not the leaving.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        var left = new TaskCompletionSource<Done>(Completion.Options(System.Settings));
        RegisterOnMemberRemoved(() => left.TrySetResult(Done.Instance));
        Leave(SelfAddress);
        return Completion.Seen(left.Task, System.Settings).WaitAsync(cancellationToken);
    }

    /// <summary>Gives up a member: it is removed without being asked.</summary>
    public void Down(Address address) => _daemon.Tell(new ClusterCommand.Down(Complete(address)), ActorRefs.NoSender);

    private Task Joined(Action join, CancellationToken token)
    {
        var joined = new TaskCompletionSource<Done>(Completion.Options(System.Settings));
        RegisterOnMemberUp(() => joined.TrySetResult(Done.Instance));
        RegisterOnMemberRemoved(() => joined.TrySetException(new ClusterJoinFailedException(
            $"{SelfAddress} did not become a member: its part in the cluster has ended.")));
        join();
        return Completion.Seen(joined.Task, System.Settings).WaitAsync(token);
    }

    private Address Complete(Address address) =>
        address.HasLocalScope && address.System == SelfAddress.System ? SelfAddress : address;

    private static UniqueAddress AddressOf(Actor.Internal.ActorSystemImpl system) =>
        new(system.Provider.DefaultAddress, AddressUidExtension.Uid(system));
}
