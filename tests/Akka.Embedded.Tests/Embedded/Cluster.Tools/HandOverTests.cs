using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Cluster.Tools.Singleton.Internal;
using Akka.Util;

namespace Akka.Embedded.Tests.Embedded.Cluster.Tools;

/// <summary>Who may run the singleton, case by case. The promise as a whole: <see cref="HandOverProperties"/>.</summary>
public class HandOverTests
{
    private static readonly UniqueAddress A = Node(1), B = Node(2), C = Node(3);

    internal static UniqueAddress Node(int number) => new(new Address("akka.tcp", "cl", "h", number), number);

    internal static Member Member(UniqueAddress node, MemberStatus status = MemberStatus.Up, params string[] roles) =>
        Akka.Cluster.Member.Create(node, node.Uid, status, [.. roles], AppVersion.Zero);

    private static HandOver.Snapshot View(params Member[] members) => new([.. members]);

    private static HandOver.Changed Now(UniqueAddress node, MemberStatus status) => new(Member(node, status));

    private static HandOver.Removed Gone(UniqueAddress node) => new(Member(node, MemberStatus.Removed));

    private static HandOverState Manager(UniqueAddress self, params Member[] members)
    {
        var state = new HandOverState(self, null, 15);
        state.Step(View(members));
        return state;
    }

    private static void Says(IEnumerable<HandOver.Effect> actual, params HandOver.Effect[] expected) =>
        Assert.Equal(expected, actual);

    [Fact]
    public void Oldest_starts_it()
    {
        var effects = new HandOverState(A, null, 15).Step(View(Member(A), Member(B)));
        Says(effects, new HandOver.StartSingleton());
    }

    [Fact]
    public void Younger_does_not() => Assert.Equal(ClusterSingletonState.Younger, Manager(B, Member(A), Member(B)).At);

    [Fact]
    public void Members_without_the_role_do_not_count()
    {
        var state = new HandOverState(B, "x", 15);
        state.Step(View(Member(A), Member(B, MemberStatus.Up, "x")));
        Assert.Equal(ClusterSingletonState.Oldest, state.At);
    }

    [Fact]
    public void Nothing_is_started_before_a_whole_view_is_known()
    {
        var state = Manager(B);
        Assert.Empty(state.Step(Now(B, MemberStatus.Up)));
        Assert.Equal(ClusterSingletonState.Start, state.At);
        Assert.Empty(state.Step(View(Member(A), Member(B))));
        Assert.Equal(ClusterSingletonState.Younger, state.At);
    }

    [Fact]
    public void Next_oldest_asks_the_one_that_leaves_and_starts_when_it_is_told()
    {
        var next = Manager(B, Member(A), Member(B));
        Says(next.Step(Now(A, MemberStatus.Exiting)), new HandOver.Send(A, new HandOver.ToMe(B, 1)), new HandOver.Retry(true));
        Assert.Empty(next.Step(new HandOver.Heard(new HandOver.InProgress(A))));
        Says(next.Step(new HandOver.Heard(new HandOver.Finished(A, 1))),
            new HandOver.Retry(false), new HandOver.StartSingleton());
    }

    [Fact]
    public void Answer_to_an_earlier_attempt_does_not_count()
    {
        var next = Manager(B, Member(A), Member(B));
        next.Step(Now(A, MemberStatus.Exiting));
        Assert.Empty(next.Step(new HandOver.Heard(new HandOver.Finished(A, 0))));
        Assert.Equal(ClusterSingletonState.BecomingOldest, next.At);
    }

    [Fact]
    public void Oldest_that_leaves_keeps_it_until_asked_and_stops_it_then()
    {
        var leaving = Manager(A, Member(A), Member(B));
        Assert.Empty(leaving.Step(Now(A, MemberStatus.Leaving)));
        Says(leaving.Step(Now(A, MemberStatus.Exiting)),
            new HandOver.Send(B, new HandOver.TakeOverFromMe(A)), new HandOver.Retry(true));
        Says(leaving.Step(new HandOver.Heard(new HandOver.ToMe(B, 7))),
            new HandOver.Send(B, new HandOver.InProgress(A)), new HandOver.Retry(false), new HandOver.StopSingleton());
        Says(leaving.Step(new HandOver.SingletonStopped()), new HandOver.Send(B, new HandOver.Finished(A, 7)));
        Assert.Equal(ClusterSingletonState.End, leaving.At);
    }

    [Fact]
    public void Oldest_that_nobody_asks_stops_it_after_its_retries()
    {
        var leaving = Manager(A, Member(A), Member(B));
        leaving.Step(Now(A, MemberStatus.Exiting));
        for (var i = 1; i < 15; i++)
            Says(leaving.Step(new HandOver.RetryTick()), new HandOver.Send(B, new HandOver.TakeOverFromMe(A)));
        Assert.Contains(new HandOver.StopSingleton(), leaving.Step(new HandOver.RetryTick()));
    }

    [Fact]
    public void Last_member_stops_it_at_once()
    {
        var last = Manager(A, Member(A));
        Assert.Contains(new HandOver.StopSingleton(), last.Step(new HandOver.SelfExiting()));
        Says(last.Step(new HandOver.SingletonStopped()), new HandOver.ExitDone());
    }

    [Fact]
    public void Shutdown_waits_until_it_has_been_handed_over()
    {
        var leaving = Manager(A, Member(A), Member(B));
        Assert.DoesNotContain(new HandOver.ExitDone(), leaving.Step(new HandOver.SelfExiting()));
        leaving.Step(new HandOver.Heard(new HandOver.ToMe(B, 1)));
        Assert.Contains(new HandOver.ExitDone(), leaving.Step(new HandOver.SingletonStopped()));
    }

    [Fact]
    public void Shutdown_of_a_younger_waits_for_nothing() =>
        Says(Manager(B, Member(A), Member(B)).Step(new HandOver.SelfExiting()), new HandOver.ExitDone());

    [Fact]
    public void Member_that_is_down_is_waited_for_until_the_margin_after_its_removal_is_over()
    {
        var next = Manager(B, Member(A), Member(B));
        Assert.Contains(new HandOver.Send(A, new HandOver.ToMe(B, 1)), next.Step(Now(A, MemberStatus.Down)));
        Says(next.Step(Gone(A)), new HandOver.AwaitMargin(A));
        Assert.Empty(next.Step(new HandOver.RetryTick())); // Nobody is there to be asked.
        Assert.Contains(new HandOver.StartSingleton(), next.Step(new HandOver.MarginOver(A)));
    }

    [Fact]
    public void Younger_ones_that_go_are_not_waited_for()
    {
        var oldest = Manager(A, Member(A), Member(B));
        Assert.Empty(oldest.Step(Gone(B)));
    }

    [Fact]
    public void Downed_oldest_stops_it_and_answers_nobody_before()
    {
        var downed = Manager(A, Member(A), Member(B));
        Assert.Contains(new HandOver.StopSingleton(), downed.Step(Now(A, MemberStatus.Down)));
        Says(downed.Step(new HandOver.Heard(new HandOver.ToMe(B, 1))), new HandOver.Send(B, new HandOver.InProgress(A)));
        Says(downed.Step(new HandOver.SingletonStopped()), new HandOver.Send(B, new HandOver.Finished(A, 1)));
        Assert.Contains(new HandOver.StopManager(), downed.Step(Gone(A)));
    }

    [Fact]
    public void Who_is_on_its_way_out_does_not_get_it()
    {
        var oldest = Manager(B, Member(A, MemberStatus.Down), Member(B), Member(C));
        Assert.Empty(oldest.Step(new HandOver.Heard(new HandOver.ToMe(A, 1))));
    }

    [Fact]
    public void Who_has_given_its_word_asks_for_it_back()
    {
        var late = Manager(A, Member(A), Member(B)); // B has seen A as Exiting, A has not yet.
        late.Step(new HandOver.Heard(new HandOver.ToMe(B, 1)));
        Assert.Equal([new HandOver.Send(B, new HandOver.Finished(A, 1))], late.Step(new HandOver.SingletonStopped()).Take(1));
        Assert.DoesNotContain(new HandOver.StartSingleton(), late.Step(new HandOver.RetryTick()));
        Assert.NotEqual(ClusterSingletonState.Oldest, late.At);
    }

    [Fact]
    public void Singleton_that_has_stopped_by_itself_is_handed_over_at_once()
    {
        var leaving = Manager(A, Member(A), Member(B));
        Assert.Empty(leaving.Step(new HandOver.SingletonStopped()));
        leaving.Step(Now(A, MemberStatus.Exiting));
        Assert.Contains(new HandOver.Send(B, new HandOver.Finished(A, 1)),
            leaving.Step(new HandOver.Heard(new HandOver.ToMe(B, 1))));
    }
}
