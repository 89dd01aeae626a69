namespace Akka.Embedded.Tests.Embedded.Simulation.Clusters;

/// <summary>Faults that once showed a mistake, and those that everybody asks about, each in several orders.</summary>
public sealed class ScriptedFaultTests
{
    /// <summary>The minority ends itself before the majority takes over what it ran.</summary>
    [Fact]
    public void Nothing_runs_on_both_sides_of_a_split() => Survives(
        new Fault(5, FaultKind.Split, ["n1", "n2"], ["n3", "n4", "n5"], 0));

    /// <summary>n1, which knows that it is downed, hands the coordinator over at once; n5, which was downed too and does not know,
    /// goes on with its shards: the new coordinator must not give them away before the removal margin is over.</summary>
    [Fact]
    public void A_coordinator_that_is_handed_over_waits_for_shards_of_downed_members() => Survives(
        new Fault(7, FaultKind.Split, ["n5"], ["n1", "n2", "n3", "n4"], 0),
        new Fault(31.4, FaultKind.Heal, [], [], 0),
        new Fault(47.2, FaultKind.CutOneWay, ["n2", "n3", "n4"], ["n1", "n5"], 0),
        new Fault(58.7, FaultKind.Slow, ["n5"], ["n1", "n2", "n3", "n4"], 8.5));

    [Fact]
    public void A_short_pause_changes_nothing() => Survives(
        new Fault(5, FaultKind.Pause, ["n1"], [], 2),
        new Fault(15, FaultKind.Pause, ["n3"], [], 2));

    [Fact]
    public void A_frozen_node_is_replaced_and_ends_when_it_goes_on() => Survives(
        new Fault(5, FaultKind.Pause, ["n1"], [], 45));

    [Fact]
    public void Nodes_that_crash_or_leave_one_after_the_other_lose_nothing_for_long() => Survives(
        new Fault(5, FaultKind.Crash, ["n1"], [], 0),
        new Fault(20, FaultKind.Leave, ["n2"], [], 0),
        new Fault(35, FaultKind.Crash, ["n3"], [], 0));

    private static void Survives(params Fault[] plan)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            using var run = new ClusterRun(seed, plan: plan);
            var why = run.Execute();
            Assert.True(why is null, why);
        }
    }
}
