using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class TellAndAskTests : SystemTest
{
    [Fact]
    public async Task Messages_of_one_sender_arrive_in_order()
    {
        var witness = Witness();
        for (var i = 0; i < 1000; i++) witness.Tell(i);
        for (var i = 0; i < 1000; i++) Assert.Equal(i, await Next());
    }

    [Fact]
    public async Task Messages_of_many_senders_all_arrive_each_sender_in_order()
    {
        var last = new int[4];
        var done = new TaskCompletionSource();
        var count = 0;
        var actor = Sys.ActorOf(Fn.Props((m, _) =>
        {
            var (sender, n) = ((int, int))m;
            Assert.Equal(last[sender] + 1, n);
            last[sender] = n;
            if (++count == 40_000) done.SetResult();
        }));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(s => Task.Run(() =>
        {
            for (var n = 1; n <= 10_000; n++) actor.Tell((s, n));
        })));
        await done.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Ask_completes_with_the_answer()
    {
        var echo = Sys.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)));
        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
    }

    [Fact]
    public async Task Ask_with_another_type_than_the_answer_s_fails()
    {
        var echo = Sys.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)));
        await Assert.ThrowsAsync<ArgumentException>(() => echo.Ask<int>("hello", Patience));
    }

    [Fact]
    public async Task Ask_fails_with_the_cause_of_a_status_failure()
    {
        var failing = Sys.ActorOf(Fn.Props((_, c) => c.Sender.Tell(new Status.Failure(new FormatException("no")))));
        var failure = await Assert.ThrowsAsync<FormatException>(() => failing.Ask<string>("x", Patience));
        Assert.Equal("no", failure.Message);
    }

    [Fact]
    public async Task Ask_times_out()
    {
        var silent = Sys.ActorOf(Fn.Props((_, _) => { }));
        await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<string>("x", TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task Ask_can_be_cancelled()
    {
        var silent = Sys.ActorOf(Fn.Props((_, _) => { }));
        using var cancel = new CancellationTokenSource();
        var asked = silent.Ask<string>("x", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task Forward_keeps_the_sender()
    {
        var echo = Sys.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)));
        var relay = Sys.ActorOf(Fn.Props((m, _) => echo.Forward(m)));
        Assert.Equal("via", await relay.Ask<string>("via", Patience));
    }

    [Fact]
    public async Task PipeTo_sends_the_result_or_the_failure()
    {
        var witness = Witness();
        await Task.FromResult("value").PipeTo(witness);
        await Task.FromException<string>(new FormatException("bad")).PipeTo(witness);
        await Task.FromResult(3).PipeTo(witness, success: n => n + 1);
        await Task.CompletedTask.PipeTo(witness);
        await Task.CompletedTask.PipeTo(witness, success: () => "done");
        await Expect("value");
        Assert.IsType<FormatException>(Assert.IsType<Status.Failure>(await Next()).Cause);
        await Expect(4, "done");
    }

    [Fact]
    public void A_null_message_is_refused() => Assert.Throws<InvalidMessageException>(() => Witness().Tell(null!));
}
