using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.TestActors;
using static Akka.Embedded.Tests.TestKit.Short;

namespace Akka.Embedded.Tests.TestKit;

public class EventFilterTests() : Akka.TestKit.Xunit2.TestKit(
    ConfigurationFactory.ParseString("akka { loglevel = DEBUG, stdout-loglevel = OFF, test.filter-leeway = 3s }"))
{
    [Fact]
    public void Events_are_expected_by_level_and_text()
    {
        EventFilter.Error("it broke").ExpectOne(() => Log.Error("it broke"));
        EventFilter.Warning(start: "it b").ExpectOne(() => Log.Warning("it broke"));
        EventFilter.Info(contains: "bro").ExpectOne(() => Log.Info("it broke"));
        EventFilter.Debug(new Regex("b.*e$")).ExpectOne(() => Log.Debug("it broke"));
        EventFilter.ForLogLevel(LogLevel.InfoLevel, "it broke").ExpectOne(() => Log.Info("it broke"));
        EventFilter.Custom<Info>(e => e.Message.ToString() == "it broke").ExpectOne(() => Log.Info("it broke"));
    }

    [Fact]
    public void Fewer_or_more_than_expected_fail_the_test()
    {
        Assert.Contains("Expected 1 log events of Error, but 0 came",
            Failure(() => EventFilter.Error().ExpectOne(Time, () => Log.Warning("not an error"))));
        // As long as it takes for the one to come: it goes by way of an actor.
        Assert.Contains("but 1 came",
            Failure(() => EventFilter.Error().Expect(0, TimeSpan.FromSeconds(20), () => Log.Error("one"))));
        EventFilter.Error().Expect(2, () =>
        {
            Log.Error("one");
            Log.Error("two");
        });
        EventFilter.Error().Expect(0, Time, () => Log.Warning("not an error"));
    }

    [Fact]
    public async Task Actions_may_have_results_and_be_asynchronous()
    {
        Assert.Equal(1, EventFilter.Error().ExpectOne(() =>
        {
            Log.Error("it broke");
            return 1;
        }));
        Assert.Equal(2, await EventFilter.Error().ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Log.Error("it broke");
            return 2;
        }));
        await EventFilter.Error().ExpectOneAsync(() => Log.Error("it broke"));
    }

    [Fact]
    public void Several_filters_count_together() => EventFilter.Error("one").And.Warning("two").Expect(2, () =>
    {
        Log.Error("one");
        Log.Warning("two");
    });

    [Fact]
    public void Exceptions_are_expected_by_type_and_text()
    {
        var actor = Sys.ActorOf(Props.Create<Failing>(), "failing");
        EventFilter.Exception<InvalidOperationException>("as told").ExpectOne(() => actor.Tell("fail"));
        EventFilter.Exception<InvalidOperationException>(source: "/user/failing").ExpectOne(() => actor.Tell("fail"));
        EventFilter.Exception(typeof(FormatException), checkInnerExceptions: true)
            .ExpectOne(() => Log.Error(new InvalidOperationException("outer", new FormatException("inner")), "it broke"));
        Failure(() => EventFilter.Exception<FormatException>().ExpectOne(Time, () => actor.Tell("fail")));
    }

    [Fact]
    public void Dead_letters_are_expected_by_type_of_message()
    {
        EventFilter.DeadLetter<string>().ExpectOne(() => Sys.DeadLetters.Tell("lost"));
        EventFilter.DeadLetter<string>(s => s == "lost").ExpectOne(() => Sys.DeadLetters.Tell("lost"));
        EventFilter.DeadLetter().ExpectOne(() => Sys.DeadLetters.Tell(1));
        Failure(() => EventFilter.DeadLetter<string>().ExpectOne(Time, () => Sys.DeadLetters.Tell(1)));
    }

    [Fact]
    public void Unhandled_messages_are_warnings() =>
        EventFilter.Warning(start: "Unhandled message from")
            .ExpectOne(() => Sys.ActorOf(Props.Create<UnhandledMessageActor>()).Tell("what?"));

    [Fact]
    public void Muting_lasts_for_an_action_or_until_it_is_undone()
    {
        var muted = EventFilter.Error("noise").Mute();
        EventFilter.Error("noise").ExpectOne(() => Log.Error("noise")); // Filters don't hide events from one another.
        muted.Unmute();
        Assert.Equal(1, EventFilter.Error("noise").Mute(() =>
        {
            Log.Error("noise");
            return 1;
        }));
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing() => ReceiveAny(_ => throw new InvalidOperationException("as told"));
    }
}
