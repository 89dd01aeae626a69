using Akka.Actor;
using Akka.TestKit;

namespace Akka.Embedded.Tests.TestKit;

public class TestActorRefTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void A_message_is_handled_when_tell_returns()
    {
        var counter = ActorOfAsTestActorRef<Counter>("counter");
        counter.Tell(1);
        counter.Tell(2);
        Assert.Equal(3, counter.UnderlyingActor.Sum);
        Assert.Equal(Environment.CurrentManagedThreadId, counter.UnderlyingActor.Thread);
        Assert.Equal("counter", counter.Path.Name);
    }

    [Fact]
    public void Received_past_the_mailbox_what_the_actor_throws_reaches_the_test()
    {
        var counter = ActorOfAsTestActorRef(() => new Counter());
        counter.Receive(5, TestActor);
        Assert.Equal((5, TestActor), (counter.UnderlyingActor.Sum, counter.UnderlyingActor.LastSender));
        Assert.Equal("as told", Assert.Throws<InvalidOperationException>(() => counter.Receive("fail")).Message);
        Assert.Equal(5, counter.UnderlyingActor.Sum);
    }

    [Fact]
    public void Told_it_goes_to_the_supervisor()
    {
        var counter = ActorOfAsTestActorRef<Counter>();
        var before = counter.UnderlyingActor;
        counter.Tell(1);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => counter.Tell("fail"));
        AwaitCondition(() => !ReferenceEquals(before, counter.UnderlyingActor));
        Assert.Equal(0, counter.UnderlyingActor.Sum);
    }

    [Fact]
    public void It_can_be_given_where_a_reference_is_wanted()
    {
        var counter = ActorOfAsTestActorRef<Counter>(Props.Create<Counter>(), TestActor, "child");
        Assert.Equal(TestActor.Path / "child", counter.Path);
        Watch(counter);
        Assert.True(counter == counter.Ref);
        Sys.Stop(counter);
        ExpectTerminated(counter);
        Assert.Throws<InvalidOperationException>(() => counter.UnderlyingActor);
    }

    [Fact]
    public void Its_asynchronous_handlers_stay_in_the_actor()
    {
        var actor = ActorOfAsTestActorRef<Sleepy>();
        actor.Tell("a");
        actor.Tell("b");
        ExpectMsgFrom(actor.Ref, "a");
        ExpectMsgFrom(actor.Ref, "b");
    }

    private sealed class Sleepy : ReceiveActor
    {
        public Sleepy() => ReceiveAnyAsync(async message =>
        {
            await Task.Yield();
            Sender.Tell(message);
        });
    }

    private sealed class Counter : ReceiveActor
    {
        public Counter()
        {
            Receive<int>(i =>
            {
                Sum += i;
                LastSender = Sender;
                Thread = Environment.CurrentManagedThreadId;
            });
            Receive<string>(_ => throw new InvalidOperationException("as told"));
        }

        public int Sum { get; private set; }
        public int Thread { get; private set; }
        public IActorRef? LastSender { get; private set; }
    }
}
