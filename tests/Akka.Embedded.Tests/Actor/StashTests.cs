using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Embedded.Tests.Actor;

public sealed class StashTests : Akka.TestKit.Xunit2.TestKit
{
    public StashTests()
        : base(ConfigurationFactory.ParseString("""
            small { mailbox-type = "Akka.Dispatch.UnboundedDequeBasedMailbox", stash-capacity = 2 }
            """)) { }

    [Fact]
    public void Stashed_messages_come_back_in_order_before_those_in_the_mailbox()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Door()));
        foreach (var message in new[] { "a", "b", "open", "c" }) actor.Tell(message);
        foreach (var message in new[] { "a", "b", "c" }) ExpectMsg(message);
    }

    [Fact]
    public void Unstash_brings_back_one()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Door()));
        foreach (var message in new[] { "a", "b", "one", "open" }) actor.Tell(message);
        // "a" comes back while the door is shut, and is stashed again behind "b".
        foreach (var message in new[] { "b", "a" }) ExpectMsg(message);
    }

    [Fact]
    public void A_message_can_be_stashed_only_once()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Door()));
        actor.Tell("twice");
        ExpectMsg<IllegalActorStateException>();
    }

    [Fact]
    public void A_full_stash_throws()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Door()).WithMailbox("small"));
        EventFilter.Exception<StashOverflowException>().ExpectOne(() =>
        {
            foreach (var message in new[] { "a", "b", "c" }) actor.Tell(message);
        });
    }

    [Fact]
    public void A_restart_unstashes_first()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Door()));
        foreach (var message in new[] { "a", "b", "fail", "open", "c" }) actor.Tell(message);
        foreach (var message in new[] { "a", "b", "c" }) ExpectMsg(message);
    }

    [Fact]
    public void A_stopped_actor_s_stash_goes_to_dead_letters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new Door()));
        actor.Tell("a");
        actor.Tell(PoisonPill.Instance);
        Assert.Equal("a", letters.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_stashed_death_is_told_once_more()
    {
        var watched = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new Door()));
        actor.Tell(watched.Ref);
        Sys.Stop(watched.Ref);
        AwaitCondition(() => actor.Ask<int>("count", TimeSpan.FromSeconds(20)).Result == 1);
        actor.Tell("open");
        ExpectMsg("death");
    }

    private sealed class Door : UntypedActor, IWithUnrestrictedStash,
        Akka.Dispatch.IRequiresMessageQueue<Akka.Dispatch.IDequeBasedMessageQueueSemantics>
    {
        private IActorRef? _watcher;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    Become(Open);
                    Stash.UnstashAll();
                    break;
                case "one":
                    Stash.Unstash();
                    break;
                case "twice":
                    Stash.Stash();
                    Sender.Tell(Record.Exception(Stash.Stash));
                    break;
                case "fail":
                    throw new InvalidOperationException("fail");
                case "count":
                    Sender.Tell(Stash.Count);
                    break;
                case IActorRef actor:
                    _watcher = Sender;
                    Context.Watch(actor);
                    break;
                default:
                    Stash.Stash();
                    break;
            }
        }

        private void Open(object message)
        {
            if (message is Terminated) _watcher!.Tell("death");
            else Sender.Tell(message);
        }
    }
}
