using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Embedded.Tests.Embedded.Remote.Watching;

/// <summary>What actors do when a system is lost with which they have watches, to it or from it.</summary>
public sealed class LostSystemTests : SystemTest
{
    private static readonly Address Other = Address.Parse("akka.tcp://other@host:1");

    [Fact]
    public async Task Who_watches_an_actor_there_hears_of_its_end()
    {
        var (there, elsewhere) = (new ForeignRef($"{Other}/user/x#1", Sys), new ForeignRef("akka.tcp://o@host:2/user/x#1", Sys));
        var watcher = Sys.ActorOf(Fn.Props((m, c) =>
        {
            if (m is IActorRef other) c.Watch(other);
            else if (m is Terminated t) Saw((t.ActorRef.Path.Address, t.AddressTerminated));
        }));
        watcher.Tell(there);
        watcher.Tell(elsewhere);
        await Settle(watcher);
        Topic.Publish(Other);
        Topic.Publish(Other);
        await Settle(watcher);
        Topic.Publish(elsewhere.Path.Address);
        await Expect((Other, true), (elsewhere.Path.Address, true));
    }

    [Fact]
    public async Task Who_is_watched_from_there_forgets_it()
    {
        var watched = (IInternalActorRef)Sys.ActorOf(Fn.Props((_, _) => { }));
        var (there, elsewhere) = (new ForeignRef($"{Other}/user/x#1", Sys), new ForeignRef("akka.tcp://o@host:2/user/x#1", Sys));
        watched.SendSystemMessage(new Watch(watched, there));
        watched.SendSystemMessage(new Watch(watched, elsewhere));
        await Settle(watched);
        Topic.Publish(Other);
        Assert.True(await watched.GracefulStop(Patience));
        await Until(() => !elsewhere.Sent.IsEmpty);
        Assert.Empty(there.Sent);
        Assert.IsType<DeathWatchNotification>(Assert.Single(elsewhere.Sent));
    }

    [Fact]
    public async Task An_actor_watched_by_its_path_alone_ends_in_whatever_incarnation()
    {
        var byPath = new ForeignRef($"{Other}/user/x", Sys);
        var watcher = (IInternalActorRef)Sys.ActorOf(Fn.Props((m, c) =>
        {
            if (m is IActorRef other) c.Watch(other);
            else if (m is Terminated t) Saw(t.ActorRef.Path.Uid);
        }));
        watcher.Tell(byPath);
        await Settle(watcher);
        watcher.SendSystemMessage(new DeathWatchNotification(new ForeignRef($"{Other}/user/x#9", Sys), true, false));
        await Expect(9L);
    }

    private Akka.Event.AddressTerminatedTopic Topic => ((ActorSystemImpl)Sys).AddressTerminatedTopic;

    private static async Task Until(Func<bool> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition() && DateTime.UtcNow < until) await Task.Delay(5);
    }
}
