using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class AsyncHandlerTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void No_message_is_handled_before_the_async_handler_of_the_one_before_has_ended()
    {
        var gate = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(gate.Task)));
        actor.Tell("wait");
        actor.Tell("next");
        ExpectMsg("waiting");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        gate.SetResult();
        ExpectMsg("waited");
        ExpectMsg("next");
    }

    [Fact]
    public void After_an_await_the_handler_is_back_in_the_actor_with_its_sender()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(Task.CompletedTask)));
        actor.Tell("yield");
        Assert.Equal((true, true), ExpectMsg<(bool, bool)>());
    }

    [Fact]
    public void What_an_async_handler_throws_goes_to_the_supervisor_with_its_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(Task.CompletedTask)));
        actor.Tell("fail");
        ExpectMsg("restarting after late because of fail");
        actor.Tell("next");
        ExpectMsg("next");
    }

    [Fact]
    public void A_stop_does_not_wait_for_an_async_handler()
    {
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Waiter(new TaskCompletionSource().Task))));
        actor.Tell("wait");
        ExpectMsg("waiting");
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Many_interleaved_awaits_keep_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(Task.CompletedTask)));
        for (var i = 0; i < 500; i++) actor.Tell(i);
        for (var i = 0; i < 500; i++) ExpectMsg(i);
    }

    private sealed class Waiter : ReceiveActor
    {
        public Waiter(Task gate)
        {
            ReceiveAsync<string>(s => s == "wait", async _ =>
            {
                Sender.Tell("waiting");
                await gate;
                Sender.Tell("waited");
            });
            ReceiveAsync<string>(s => s == "yield", async _ =>
            {
                var (self, sender) = (Self, Sender);
                await Task.Delay(1);
                Sender.Tell((Equals(self, Self), Equals(sender, Sender)));
            });
            ReceiveAsync<string>(s => s == "fail", async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("late");
            });
            ReceiveAsync<int>(async n =>
            {
                if (n % 3 == 0) await Task.Yield();
                Sender.Tell(n);
            });
            Receive<string>(s => Sender.Tell(s));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            Sender.Tell($"restarting after {reason.Message} because of {message}");
            base.PreRestart(reason, message);
        }
    }
}
