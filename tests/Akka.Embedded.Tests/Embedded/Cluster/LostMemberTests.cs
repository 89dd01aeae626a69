using Akka.Actor;
using Akka.Cluster;
using Akka.Embedded.Tests.Cluster;
using Akka.Remote;
using Node = Akka.Cluster.Cluster;

namespace Akka.Embedded.Tests.Embedded.Cluster;

/// <summary>Nodes that fall silent without a word.</summary>
public sealed class LostMemberTests : ClusterTest
{
    [Fact]
    public async Task Who_watches_an_actor_of_a_removed_node_is_told()
    {
        var nodes = await Form(2);
        var (_, seen) = Listen(nodes[0]);
        var watched = nodes[1].System.ActorOf(Fn.Props((_, _) => { }), "watched");
        nodes[0].System.ActorOf(Fn.Props((message, context) =>
        {
            if (message is IActorRef actor) context.Watch(actor);
            else seen.Enqueue(message);
        })).Tell(await nodes[0].System.ActorSelection(nodes[1].RemotePathOf(watched)).ResolveOne(Patience), ActorRefs.NoSender);
        CutOff(nodes[1]);
        await Until(() => !nodes[0].State.Unreachable.IsEmpty);
        Assert.Empty(seen);
        nodes[0].Down(nodes[1].SelfAddress);
        await Until(() => !seen.IsEmpty);
        Assert.True(Assert.IsType<Terminated>(seen.Single()).AddressTerminated);
    }

    /// <summary>The node has no network any more.</summary>
    private static void CutOff(Node node) =>
        _ = ((RemoteActorRefProvider)node.System.Provider).Remoting!.Transport.ShutdownAsync();
}
