using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Akka.Embedded.Tests.Embedded.Cluster.Sharding;

public class RegistrationWaitTests
{
    private static readonly Address A = new("akka.tcp", "cl", "h", 1), B = new("akka.tcp", "cl", "h", 2);
    private readonly RegistrationWait _wait = new();

    public RegistrationWaitTests()
    {
        _wait.Expect(A);
        _wait.Expect(B);
    }

    [Fact]
    public void Is_over_when_all_have_registered_or_are_removed()
    {
        _wait.Registered(A);
        Assert.False(_wait.IsOver);
        _wait.Removed(B);
        Assert.True(_wait.IsOver);
    }

    [Fact]
    public void Time_counts_only_for_those_that_can_be_reached()
    {
        _wait.Unreachable(B);
        _wait.TimeIsUp();
        Assert.Equal([B], _wait.Expected);
        _wait.Reachable(B);
        _wait.TimeIsUp();
        Assert.True(_wait.IsOver);
    }

    [Fact]
    public void Members_that_are_downed_are_waited_for_until_they_are_removed()
    {
        _wait.Registered(A);
        _wait.Registered(B);
        _wait.Downed(B);
        _wait.TimeIsUp();
        Assert.False(_wait.IsOver);
        _wait.Removed(B);
        Assert.True(_wait.IsOver);
    }
}
