using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class WatchTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Watching_a_stopped_actor_tells_of_its_death_at_once()
    {
        var actor = CreateTestProbe().Ref;
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Watch(actor);
        var terminated = ExpectMsg<Terminated>();
        Assert.False(terminated.ExistenceConfirmed);
    }

    [Fact]
    public void Unwatch_silences_even_a_death_that_is_in_the_mailbox()
    {
        var watched = CreateTestProbe().Ref;
        var me = TestActor;
        var watcher = Sys.ActorOf(Fn.Props((m, c) =>
        {
            switch (m)
            {
                case "watch":
                    c.Watch(watched);
                    me.Tell("watching");
                    break;
                case TaskCompletionSource gate:
                    Assert.True(gate.Task.Wait(TimeSpan.FromSeconds(20)));
                    c.Unwatch(watched);
                    break;
                default:
                    me.Tell(m);
                    break;
            }
        }));
        watcher.Tell("watch");
        ExpectMsg("watching");
        var gate = new TaskCompletionSource();
        Watch(watched);
        watcher.Tell(gate);
        Sys.Stop(watched);
        ExpectTerminated(watched);
        gate.SetResult();
        watcher.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public void Watch_with_gives_the_message_of_ones_own()
    {
        var watched = CreateTestProbe().Ref;
        var me = TestActor;
        var watcher = Sys.ActorOf(Fn.Props((m, c) =>
        {
            if (m is not "watch")
            {
                me.Tell(m);
                return;
            }
            c.WatchWith(watched, "it died");
            me.Tell("watching");
        }));
        watcher.Tell("watch");
        ExpectMsg("watching");
        Sys.Stop(watched);
        ExpectMsg("it died");
    }

    [Fact]
    public void A_restart_is_no_death()
    {
        var actor = Watch(Sys.ActorOf(Fn.Props((m, c) =>
        {
            if (m is "fail") throw new InvalidOperationException("fail");
            c.Sender.Tell(m);
        })));
        actor.Tell("fail");
        actor.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public async Task Graceful_stop_completes_when_the_actor_has_stopped_or_gives_up()
    {
        Assert.True(await CreateTestProbe().Ref.GracefulStop(TimeSpan.FromSeconds(10)));
        var stubborn = Sys.ActorOf(Fn.Props((_, _) => { }));
        await Assert.ThrowsAsync<TaskCanceledException>(() => stubborn.GracefulStop(TimeSpan.FromMilliseconds(20), "please"));
    }

    [Fact]
    public void A_name_is_free_again_when_its_actor_has_stopped()
    {
        var first = Sys.ActorOf(Fn.Props((_, _) => { }), "name");
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Fn.Props((_, _) => { }), "name"));
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        AwaitAssert(() => Assert.NotEqual(first, Sys.ActorOf(Fn.Props((_, _) => { }), "name")));
    }
}
