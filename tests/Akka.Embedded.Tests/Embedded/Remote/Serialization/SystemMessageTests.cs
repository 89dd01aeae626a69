using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Embedded.Tests.Embedded.Remote.Serialization;

public sealed class SystemMessageTests : RemoteSerializationTest
{
    [Fact]
    public void Watches_name_both_actors()
    {
        var (watchee, watcher) = (Actor("watchee"), Actor("watcher"));
        var paths = Field(1, PathOf(watchee)) + Field(2, PathOf(watcher));
        Assert.Equal((22, "Akka.Dispatch.SysMsg.Watch, Akka", paths), Wire(new Watch(watchee, watcher)));
        Assert.Equal((22, "Akka.Dispatch.SysMsg.Unwatch, Akka", paths), Wire(new Unwatch(watchee, watcher)));
        var watch = Assert.IsType<Watch>(Again(new Watch(watchee, watcher)));
        Assert.Equal((watchee, watcher), (watch.Watchee, watch.Watcher));
        var unwatch = Assert.IsType<Unwatch>(Again(new Unwatch(watchee, watcher)));
        Assert.Equal((watchee, watcher), (unwatch.Watchee, unwatch.Watcher));
    }

    [Theory]
    [InlineData(true, false, "1001")]
    [InlineData(false, true, "1801")]
    [InlineData(false, false, "")]
    public void The_news_of_a_death_says_whether_it_was_seen(bool confirmed, bool addressTerminated, string flags)
    {
        var actor = Actor("a");
        var news = new DeathWatchNotification(actor, confirmed, addressTerminated);
        Assert.Equal((22, "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka", Field(1, PathOf(actor)) + flags), Wire(news));
        var again = Assert.IsType<DeathWatchNotification>(Again(news));
        Assert.Equal((actor, confirmed, addressTerminated), (again.Actor, again.ExistenceConfirmed, again.AddressTerminated));
    }

    [Fact]
    public void Orders_to_a_supervised_actor_carry_their_cause()
    {
        var actor = Actor("a");
        Assert.Equal((22, "Akka.Dispatch.SysMsg.Terminate, Akka", ""), Wire(new Terminate()));
        Assert.IsType<Terminate>(Again(new Terminate()));
        Assert.IsType<Suspend>(Again(new Suspend()));
        Assert.Null(Assert.IsType<Resume>(Again(new Resume(null))).CausedByFailure);
        Assert.Equal("x", Assert.IsType<Recreate>(Again(new Recreate(new TimeoutException("x")))).Cause.Message);
        Assert.Null(Assert.IsType<Create>(Again(new Create())).Failure);
        Assert.Equal(actor, Assert.IsType<Supervise>(Again(new Supervise(actor, true))).Child);
        var failed = Assert.IsType<Failed>(Again(new Failed(actor, new FormatException("x"), 7)));
        Assert.Equal((actor, 7L), (failed.Child, failed.Uid));
        Assert.IsType<FormatException>(failed.Cause);
    }

    [Theory]
    [InlineData("System.IO.FileInfo, System.Private.CoreLib")]
    [InlineData("Akka.Actor.ActorCell, Akka")]
    [InlineData("Akka.Dispatch.SysMsg.HandlerEnded, Akka")]
    [InlineData("no type at all")]
    public void Only_the_types_of_the_table_are_found(string manifest) =>
        Assert.Throws<SerializationException>(() => Read(22, manifest, ""));

    private IInternalActorRef Actor(string name) => (IInternalActorRef)Sys.ActorOf(Fn.Props((_, _) => { }), name);

    private string PathOf(IActorRef actor) => Hex($"akka://test/user/{actor.Path.Name}#{actor.Path.Uid}");

    // A field of number that holds an ActorRefData { path 1 }.
    private static string Field(int number, string hex) =>
        $"{(number << 3) + 2:x2}{(hex.Length / 2) + 2:x2}0a{hex.Length / 2:x2}{hex}";
}
