using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace Akka.Embedded.Tests.Dispatch;

public sealed class MailboxTests : Akka.TestKit.Xunit2.TestKit
{
    public MailboxTests()
        : base(ConfigurationFactory.ParseString("""
            tiny { mailbox-type = "Akka.Dispatch.BoundedMailbox", mailbox-capacity = 2, mailbox-push-timeout-time = 0s }
            patient { mailbox-type = "Akka.Dispatch.BoundedMailbox", mailbox-capacity = 1, mailbox-push-timeout-time = 20s }
            important { mailbox-type = "Akka.Embedded.Tests.Dispatch.LongestFirst, Akka.Embedded.Tests" }
            """)) { }

    [Fact]
    public void A_full_bounded_mailbox_sends_the_rest_to_dead_letters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var (actor, gate) = Blocked("tiny");
        foreach (var message in new[] { "a", "b", "c" }) actor.Tell(message);
        Assert.Equal("c", letters.ExpectMsg<DeadLetter>().Message);
        gate.SetResult();
        ExpectMsg("a");
        ExpectMsg("b");
    }

    [Fact]
    public void A_sender_waits_for_room_in_a_bounded_mailbox()
    {
        var (actor, gate) = Blocked("patient");
        actor.Tell("a");
        var sender = new Thread(() => actor.Tell("b")) { IsBackground = true };
        sender.Start();
        AwaitCondition(() => (sender.ThreadState & ThreadState.WaitSleepJoin) != 0);
        gate.SetResult();
        ExpectMsg("a");
        ExpectMsg("b");
        Assert.True(sender.Join(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_priority_mailbox_hands_out_important_messages_first_and_equals_in_order()
    {
        var (actor, gate) = Blocked("important");
        foreach (var message in new[] { "one", "three", "two", "seven" }) actor.Tell(message);
        gate.SetResult();
        foreach (var message in new[] { "three", "seven", "one", "two" }) ExpectMsg(message);
    }

    [Fact]
    public void An_actor_gets_the_mailbox_that_its_class_asks_for()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        Assert.IsType<UnboundedDequeMessageQueue>(((ActorCell)((ActorRefWithCell)actor).Underlying).Mailbox.MessageQueue);
    }

    [Fact]
    public void An_actor_doesn_t_start_with_a_mailbox_that_lacks_what_its_class_asks_for()
    {
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Stashing()).WithMailbox("tiny")));
        ExpectTerminated(actor);
    }

    [Fact]
    public void Messages_to_a_stopped_actor_are_dead_letters_with_their_sender()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var actor = Watch(CreateTestProbe().Ref);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        actor.Tell("late");
        var letter = letters.ExpectMsg<DeadLetter>();
        Assert.Equal("late", letter.Message);
        Assert.Equal(actor, letter.Recipient);
        Assert.Equal(TestActor, letter.Sender);
    }

    [Fact]
    public void What_a_stopped_actor_left_in_its_mailbox_becomes_dead_letters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var (actor, gate) = Blocked(Mailboxes.DefaultMailboxId);
        foreach (var message in new[] { "a", "b" }) actor.Tell(message);
        ((IInternalActorRef)actor).Stop(); // Is in the mailbox before the gate opens, unlike an order by way of the guardian.
        gate.SetResult();
        Assert.Equal("a", letters.ExpectMsg<DeadLetter>().Message);
        Assert.Equal("b", letters.ExpectMsg<DeadLetter>().Message);
    }

    private (IActorRef Actor, TaskCompletionSource Gate) Blocked(string mailbox)
    {
        var gate = new TaskCompletionSource();
        var me = TestActor;
        var actor = Sys.ActorOf(Fn.Props((m, _) =>
        {
            if (m is TaskCompletionSource wait)
            {
                me.Tell("blocked");
                Assert.True(wait.Task.Wait(TimeSpan.FromSeconds(20)));
            }
            else
            {
                me.Tell(m);
            }
        }).WithMailbox(mailbox));
        actor.Tell(gate);
        ExpectMsg("blocked");
        return (actor, gate);
    }

    private sealed class Stashing : UntypedActorWithUnboundedStash
    {
        protected override void OnReceive(object message) { }
    }
}

/// <summary>Long texts are important.</summary>
public sealed class LongestFirst : UnboundedStablePriorityMailbox
{
    public LongestFirst(Settings settings, Config config) : base(settings, config) { }

    protected override int PriorityGenerator(object message) => message is string text ? -text.Length : 0;
}
