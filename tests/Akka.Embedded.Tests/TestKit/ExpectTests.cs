using System.Collections;
using Akka.Actor;
using Akka.TestKit;
using static Akka.Embedded.Tests.TestKit.Short;

namespace Akka.Embedded.Tests.TestKit;

public class ExpectTests() : Akka.TestKit.Xunit2.TestKit(Expectations)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_message_is_there_when_tell_returns()
    {
        TestActor.Tell("a");
        Assert.True(HasMessages);
        Assert.Equal("a", ExpectMsg<string>());
        Assert.Equal("a", LastMessage);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_message_that_comes_later_is_waited_for()
    {
        Sys.Scheduler.ScheduleTellOnce(Time, TestActor, "late", ActorRefs.NoSender);
        ExpectMsg("late", Long);
    }

    [Fact]
    public void The_test_is_the_sender_of_what_it_tells()
    {
        TestActor.Tell("a");
        ExpectMsgFrom(TestActor, "a");
        Assert.Equal(TestActor, LastSender);
    }

    [Fact]
    public async Task Also_after_an_await()
    {
        await Task.Yield();
        TestActor.Tell("a");
        Assert.Equal("a", await ExpectMsgFromAsync<string>(TestActor));
        await Task.Run(() => { });
        TestActor.Tell("b");
        await ExpectMsgFromAsync(TestActor, "b");
    }

    [Fact]
    public async Task But_only_where_the_test_runs()
    {
        Assert.Equal(TestActor, await Task.Run(ActorCell.GetCurrentSelfOrNoSender));
        Task<IActorRef> elsewhere;
        using (ExecutionContext.SuppressFlow()) elsewhere = Task.Run(ActorCell.GetCurrentSelfOrNoSender);
        Assert.Null(await elsewhere);
    }

    [Fact]
    public void The_next_message_must_be_of_the_type()
    {
        TestActor.Tell(1);
        Assert.Contains("Expected a message of type System.String, but got 1",
            Failure(() => ExpectMsg<string>(hint: "the hint")));
    }

    [Fact]
    public void The_next_message_must_be_equal()
    {
        TestActor.Tell("b");
        Assert.Contains("Expected a, but got b", Failure(() => ExpectMsg("a")));
    }

    [Fact]
    public void Braces_in_messages_do_no_harm()
    {
        TestActor.Tell("{b} {0}");
        Assert.Contains("got {b} {0}", Failure(() => ExpectMsg("{a}")));
    }

    [Fact]
    public void Collections_are_equal_item_by_item()
    {
        TestActor.Tell(new[] { 1, 2 });
        ExpectMsg(new[] { 1, 2 });
        TestActor.Tell(new[] { 1, 2 });
        Failure(() => ExpectMsg(new[] { 2, 1 }));
    }

    [Fact]
    public void The_next_message_must_pass_the_predicate_or_the_assertion()
    {
        for (var i = 0; i < 6; i++) TestActor.Tell(i);
        Assert.Equal(0, ExpectMsg<int>(i => i == 0));
        Assert.Equal(1, ExpectMsg<int>(i => Assert.Equal(1, i)));
        Assert.Equal(2, ExpectMsg<int>((i, sender) => i == 2 && sender.Equals(TestActor)));
        Assert.Equal(3, ExpectMsg(3, (a, b) => a == b));
        Failure(() => ExpectMsg<int>(i => i == 7));
        Failure(() => ExpectMsg<int>(i => Assert.Equal(7, i)));
    }

    [Fact]
    public void Without_a_message_in_time_the_test_fails_and_says_what_for() =>
        Assert.Contains("expected one of type System.String: the hint", Failure(() => ExpectMsg<string>(hint: "the hint")));

    [Fact]
    public async Task The_asynchronous_twins_expect_the_same()
    {
        for (var i = 0; i < 5; i++) TestActor.Tell(i);
        Assert.Equal(0, await ExpectMsgAsync<int>());
        Assert.Equal(1, await ExpectMsgAsync(1));
        Assert.Equal(2, await ExpectMsgAsync<int>(i => i == 2));
        await Failure(async () => await ExpectMsgAsync<string>());
        await Failure(async () => await ExpectMsgAsync(5));
        await ExpectNoMsgAsync(Time);
        Sys.Scheduler.ScheduleTellOnce(Time, TestActor, "late", ActorRefs.NoSender);
        Assert.Equal("late", await ExpectMsgAsync<string>(Long));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource(Time);
        Assert.ThrowsAny<OperationCanceledException>(() => ExpectMsg<string>(Long, cancellationToken: cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await ExpectMsgAsync<string>(Long, cancellationToken: cancellation.Token));
    }

    [Fact]
    public void The_sender_must_be_the_one_expected()
    {
        var probe = CreateTestProbe();
        probe.Send(TestActor, "a");
        probe.Send(TestActor, "b");
        ExpectMsgFrom<string>(probe);
        Assert.Contains("Expected b from", Failure(() => ExpectMsgFrom(TestActor, "b")));
    }

    [Fact]
    public void No_message_may_come_where_silence_is_expected()
    {
        ExpectNoMsg();
        ExpectNoMsg(10);
        TestActor.Tell("a");
        Assert.Contains("got <a>", Failure(() => ExpectNoMsg(Time)));
    }

    [Fact]
    public void Any_of_several()
    {
        TestActor.Tell("b");
        Assert.Equal("b", ExpectMsgAnyOf(["a", "b"]));
        TestActor.Tell("c");
        Failure(() => ExpectMsgAnyOf(["a", "b"]));
    }

    [Fact]
    public void All_of_several_in_any_order()
    {
        Tell("b", "a", "c");
        Assert.Equal(["b", "a", "c"], ExpectMsgAllOf("a", "b", "c"));
        Tell("b", "d");
        var failure = Failure(() => ExpectMsgAllOf("a", "b"));
        Assert.Matches("(?s)Missing:.*a.*Not expected:.*d", failure);
        Tell("a");
        Assert.Contains("Only 1 of 2", Failure(() => ExpectMsgAllOf("a", "b")));
    }

    [Fact]
    public async Task All_that_pass_predicates()
    {
        Tell("b", 1);
        ExpectMsgAllOfMatchingPredicates(PredicateInfo.Create<int>(i => i == 1), PredicateInfo.Create<string>(s => s == "b"));
        Tell("b", 2);
        Failure(() => ExpectMsgAllOfMatchingPredicates(
            PredicateInfo.Create<int>(i => i == 1), PredicateInfo.Create<string>(s => s == "b")));
        Tell("x", "y");
        Assert.Equal(2, await ExpectMsgAllOfAsync(["y", "x"]).CountAsync());
    }

    [Fact]
    public async Task Fishing_drops_what_comes_before()
    {
        Tell("a", 1, "b", 2);
        var dropped = new ArrayList();
        Assert.Equal("b", FishForMessage<string>(s => s == "b", dropped));
        Assert.Equal(new object[] { "a", 1 }, dropped.Cast<object>());
        Assert.Equal(2, FishForMessage(m => m is int));
        Tell("a", 3);
        await FishUntilMessageAsync<int>();
        Tell("a");
        Assert.Contains("1 other messages", Failure(() => FishForMessage<int>(_ => true)));
    }

    [Fact]
    public async Task Receiving_makes_no_demands()
    {
        Assert.Null(ReceiveOne(TimeSpan.Zero));
        Assert.Null(await ReceiveOneAsync(Time));
        Tell("a", "b", "c", "d");
        Assert.Equal("a", PeekOne());
        Assert.Equal("a", ReceiveOne());
        Assert.True(TryReceiveOne(out var envelope));
        Assert.Equal("b", envelope.Message);
        Assert.Equal(["c", "d"], ReceiveN(2));
        Assert.False(TryReceiveOne(out envelope, TimeSpan.Zero));
        Assert.Null(envelope.Message);
        Assert.Null(LastMessage);
        Assert.Throws<InvalidOperationException>(() => LastSender);
        Tell("e");
        Assert.Equal((true, "e"), await TryReceiveOneAsync(Time) is var (success, got) ? (success, got.Message) : default);
        Assert.Contains("Only 0 of 2", Failure(() => ReceiveN(2, Time)));
    }

    [Fact]
    public async Task Receiving_while_something_holds_leaves_the_first_for_which_it_does_not()
    {
        Tell(1, 2, "x", 3, 10, 4);
        Assert.Equal([1, 2, 3], ReceiveWhile<int>(i => i < 10));
        Assert.Equal(3, LastMessage);
        ExpectMsg(10);
        ExpectMsg(4);
        Tell("a", "b", 1);
        Assert.Equal(["a!", "b!"], ReceiveWhile<string>(m => m is string s ? s + "!" : null));
        ExpectMsg(1);
        Tell(1, 2, 3);
        Assert.Equal([1, 2], ReceiveWhile<int>(_ => true, msgs: 2));
        Assert.Equal([3], await ReceiveWhileAsync<int>(_ => true, idle: Time).ToListAsync());
    }

    [Fact]
    public async Task Silence_can_be_waited_for()
    {
        Tell("a", "b");
        Assert.Equal(2, (await WaitForRadioSilenceAsync(Time)).Count);
        Tell("a", "b", "c");
        await Failure(() => WaitForRadioSilenceAsync(Time, maxMessages: 2));
    }

    [Fact]
    public void Messages_can_be_ignored()
    {
        IgnoreMessages<string>(s => s == "a");
        Tell("a", "b");
        ExpectMsg("b");
        IgnoreMessages<string>();
        Tell("b", 1);
        ExpectMsg(1);
        IgnoreNoMessages();
        Tell("a");
        ExpectMsg("a");
    }

    private void Tell(params object[] messages)
    {
        foreach (var message in messages) TestActor.Tell(message);
    }
}
