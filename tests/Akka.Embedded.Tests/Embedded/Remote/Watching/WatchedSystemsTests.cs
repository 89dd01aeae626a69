using Akka.Actor;
using Akka.Remote;

namespace Akka.Embedded.Tests.Embedded.Remote.Watching;

public sealed class WatchedSystemsTests : SystemTest
{
    private const string There = "akka.tcp://other@host:1";
    private static readonly Address Other = Address.Parse(There);
    private readonly WatchedSystems _systems;
    private long _nowMs;

    public WatchedSystemsTests() => _systems = new(new DefaultFailureDetectorRegistry<Address>(
        () => new DeadlineFailureDetector(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), () => _nowMs)));

    [Fact]
    public void All_watchers_hear_of_an_actors_end_once_and_the_system_is_forgotten()
    {
        var (watchee, a, b) = (Actor("/user/x#1"), Actor("/user/a#1"), Actor("/user/b#1"));
        Watch(watchee, a);
        Watch(watchee, b);
        Assert.Equal([(watchee, a), (watchee, b)], _systems.Stopped(watchee));
        Assert.Empty(_systems.Stopped(watchee));
        Assert.Equal(0, _systems.Count);
        Assert.Empty(_systems.Probed);
    }

    [Fact]
    public void Only_the_last_watcher_that_gives_up_ends_the_watch()
    {
        var (watchee, a, b) = (Actor("/user/x#1"), Actor("/user/a#1"), Actor("/user/b#1"));
        Watch(watchee, a);
        Watch(watchee, b);
        Assert.False(_systems.Unwatch(watchee, a));
        Assert.False(_systems.Unwatch(watchee, a));
        Assert.True(_systems.Unwatch(watchee, b));
        Assert.Equal(0, _systems.Count);
    }

    [Fact]
    public void Who_watched_a_path_hears_of_whatever_incarnation_ended_there()
    {
        var (path, other, a) = (Actor("/user/x"), Actor("/user/x#2"), Actor("/user/a#1"));
        Watch(path, a);
        Watch(other, a);
        Assert.Equal([(path, a)], _systems.Stopped(Actor("/user/x#1")));
        Assert.Equal([(other, a)], _systems.Stopped(Actor("/user/x#2")));
    }

    [Fact]
    public void The_first_answer_and_a_new_incarnation_of_a_system_want_all_watches_again()
    {
        var (x, y, a) = (Actor("/user/x#1"), Actor("/user/y#1"), Actor("/user/a#1"));
        Watch(x, a);
        Assert.Equal([x], _systems.Answered(Other, 7));
        Watch(y, a);
        Assert.Empty(_systems.Answered(Other, 7));
        Assert.Equal([x, y], _systems.Answered(Other, 8));
    }

    [Fact]
    public void A_system_that_never_answered_is_silent_from_when_its_first_answer_was_due()
    {
        Watch(Actor("/user/x#1"), Actor("/user/a#1"));
        Assert.Equal([(Other, false)], _systems.Probed);
        _nowMs = 60_000;
        Assert.Empty(_systems.Silent());
        _systems.FirstAnswerExpected(Other);
        Assert.Equal([(Other, true)], _systems.Probed);
        _nowMs += 11_000;
        Assert.Equal([(Other, (int?)null)], _systems.Silent());
    }

    [Fact]
    public void A_system_that_has_stopped_to_answer_is_named_with_its_incarnation()
    {
        Watch(Actor("/user/x#1"), Actor("/user/a#1"));
        _systems.Answered(Other, 7);
        _systems.FirstAnswerExpected(Other); // Comes late: changes nothing.
        _nowMs = 10_999;
        Assert.Empty(_systems.Silent());
        _nowMs = 11_000;
        Assert.Equal([(Other, (int?)7)], _systems.Silent());
    }

    [Fact]
    public void A_lost_system_that_is_watched_again_is_like_new()
    {
        var (x, a) = (Actor("/user/x#1"), Actor("/user/a#1"));
        Watch(x, a);
        _systems.Answered(Other, 7);
        _nowMs = 20_000;
        _systems.Stopped(x); // By the end of its system.
        Watch(x, a);
        Assert.Empty(_systems.Silent());
        Assert.Equal([(Other, false)], _systems.Probed);
        Assert.Equal([x], _systems.Answered(Other, 7));
    }

    [Fact]
    public void A_system_that_somebody_else_cares_for_is_not_probed()
    {
        var (x, a) = (Actor("/user/x#1"), Actor("/user/a#1"));
        Watch(x, a);
        _systems.Answered(Other, 7);
        _systems.StopProbing(Other);
        _nowMs = 60_000;
        Assert.Empty(_systems.Probed);
        Assert.Empty(_systems.Silent());
        Assert.Empty(_systems.Answered(Other, 8));
        Assert.Equal([(x, a)], _systems.Stopped(x));
    }

    private void Watch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        _systems.Watch(watchee, watcher);
        _systems.Probe(watchee.Path.Address);
    }

    private IInternalActorRef Actor(string path) => new ForeignRef(There + path, Sys);
}
