using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using static ActorBroker.Core.Tests.Controller.LeaderElectionTests;

namespace ActorBroker.Core.Tests.Controller;

public class ReassignmentRulesTests
{
    [Fact]
    public void A_move_is_done_when_those_that_came_are_in_sync_and_the_leader_moves_along()
    {
        var cluster = On(5, 0, 1);
        Assert.Equal(ErrorCode.None, cluster.Move("t", 2, 3));
        Expect(cluster, "[2,3,0,1] isr [0,1] elr [] leader 0 epoch 0");
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, 1, 2));
        Assert.True(cluster.Partition("t").IsMoving);
        Assert.Equal(ErrorCode.NewLeaderElected, cluster.Alter("t", 0, 1, 2, 3));
        Expect(cluster, "[2,3] isr [2,3] elr [] leader 2 epoch 1");
        Assert.False(cluster.Partition("t").IsMoving);
    }

    [Fact]
    public void The_leader_stays_where_it_can()
    {
        var cluster = On(3, 0, 1);
        cluster.Move("t", 0, 2);
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, 1, 2));
        Expect(cluster, "[0,2] isr [0,2] elr [] leader 0 epoch 1");
    }

    [Fact]
    public void A_move_that_is_called_off_leaves_everything_as_it_was()
    {
        var cluster = On(4, 0, 1);
        cluster.Move("t", 2, 3);
        cluster.Alter("t", 0, 1, 2);
        Assert.Equal(ErrorCode.None, cluster.Move("t"));
        Expect(cluster, "[0,1] isr [0,1] elr [] leader 0 epoch 1");
        Assert.Equal(ErrorCode.NoReassignmentInProgress, cluster.Move("t"));
    }

    [Fact]
    public void It_can_not_be_called_off_when_only_those_that_came_hold_all()
    {
        var cluster = On(3, 0);
        cluster.Move("t", 1, 2);
        cluster.Alter("t", 0, 1);
        cluster.Change(0, BrokerChange.Fence);
        Expect(cluster, "[1,2,0] isr [1] elr [] leader 1 epoch 1");
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Move("t"));
    }

    /// <summary>Found by <see cref="Replication.ReplicationProperties"/>: the eligible one had crashed, so in the end there was no
    /// leader for ever.</summary>
    [Fact]
    public void It_can_not_be_called_off_when_others_are_only_eligible()
    {
        var cluster = On(3, 0);
        cluster.Configure(ConfigResource.Topic("t"), false, new ConfigEdit("min.insync.replicas", ConfigOperation.Set, "2"));
        cluster.Move("t", 1, 2);
        cluster.Alter("t", 0, 1);
        cluster.Change(0, BrokerChange.Fence);
        Expect(cluster, "[1,2,0] isr [1] elr [0] leader 1 epoch 1");
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Move("t"));
        cluster.Change(1, BrokerChange.Fence);
        Assert.Equal(ErrorCode.None, cluster.Move("t")); // Now 0 has no less than 1.
        Expect(cluster, "[0] isr [] elr [0] leader -1 epoch 3");
    }

    [Fact]
    public void Another_target_takes_the_place_of_the_one_before()
    {
        var cluster = On(5, 0, 1);
        cluster.Move("t", 2, 3);
        cluster.Alter("t", 0, 1, 2);
        cluster.Move("t", 3, 4);
        Expect(cluster, "[3,4,0,1] isr [0,1] elr [] leader 0 epoch 1");
        cluster.Alter("t", 0, 1, 3, 4);
        Expect(cluster, "[3,4] isr [3,4] elr [] leader 3 epoch 2");
    }

    [Fact]
    public void Fewer_replicas_or_another_order_need_no_waiting()
    {
        var cluster = On(3, 0, 1, 2);
        cluster.Move("t", 1, 0, 2);
        Expect(cluster, "[1,0,2] isr [0,1,2] elr [] leader 0 epoch 0");
        cluster.Move("t", 1);
        Expect(cluster, "[1] isr [1] elr [] leader 1 epoch 1");
    }

    [Fact]
    public void A_target_must_be_possible()
    {
        var cluster = On(4, 0, 1);
        cluster.Change(3, BrokerChange.Fence);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Move("t", 0, 3));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Move("t", 0, 9));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Move("t", 0, 0));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Move("nobody", 0));
        var answer = (ClusterCommand.AlterReassignments.Answer)cluster.Do(new ClusterCommand.AlterReassignments(
            [new Reassignment(new TopicPartition("t", 0), [new(0), new(1), new(2)])], AllowReplicationFactorChange: false));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, Assert.Single(answer.Partitions).Verdict.Error);
    }

    [Fact]
    public void A_decommissioned_broker_is_emptied_and_gets_nothing_new()
    {
        var cluster = Clusters.Of(4);
        cluster.Create("t", 12, 2);
        var answer = (ClusterCommand.DecommissionBroker.Answer)cluster.Do(new ClusterCommand.DecommissionBroker(new(3)));
        Assert.Equal((ErrorCode.None, 6), (answer.Verdict.Error, answer.Moving));
        foreach (var p in cluster.Image.Topic("t")!.Partitions.Where(p => p.IsMoving))
            cluster.Alter(p.Leader.Value, new IsrChange(
                cluster.Image.Topic("t")!.Id, p.Index, p.LeaderEpoch, p.PartitionEpoch,
                [.. p.Replicas.Select(r => new InSyncReplica(r, -1))]));
        var counts = cluster.Image.Topic("t")!.Partitions.SelectMany(p => p.Replicas).CountBy(r => r.Value).ToDictionary();
        Assert.Equal([8, 8, 8], counts.OrderBy(c => c.Key).Select(c => c.Value));
        Assert.DoesNotContain(cluster.Create("u", 4, 1).Topic!.Partitions, p => p.Leader.Value == 3);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, cluster.Create("v", 1, 4).Verdict.Error);

        Assert.Equal(ErrorCode.InvalidRequest, Unregister(3));
        cluster.Change(3, BrokerChange.Fence);
        Assert.Equal(ErrorCode.None, Unregister(3));
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, Unregister(3));

        ErrorCode Unregister(int id) =>
            ((ClusterCommand.UnregisterBroker.Answer)cluster.Do(new ClusterCommand.UnregisterBroker(new(id)))).Verdict.Error;
    }

    [Fact]
    public void A_broker_that_is_needed_can_not_be_decommissioned()
    {
        var cluster = Clusters.Of(3);
        cluster.Create("t", 2, 3);
        var answer = (ClusterCommand.DecommissionBroker.Answer)cluster.Do(new ClusterCommand.DecommissionBroker(new(1)));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, answer.Verdict.Error);
        Assert.False(cluster.Image.Brokers[new(1)].IsDraining);
    }

    [Fact]
    public void A_voter_can_not_be_decommissioned()
    {
        var cluster = Clusters.Of(4) with { Policy = Clusters.DefaultPolicy with { Voters = [new(0), new(1), new(2)] } };
        var answer = (ClusterCommand.DecommissionBroker.Answer)cluster.Do(new ClusterCommand.DecommissionBroker(new(1)));
        Assert.Equal(ErrorCode.InvalidRequest, answer.Verdict.Error);
        Assert.Contains("controller.quorum.voters", answer.Verdict.Message, StringComparison.Ordinal);
        Assert.False(cluster.Image.Brokers[new(1)].IsDraining);
        var other = (ClusterCommand.DecommissionBroker.Answer)cluster.Do(new ClusterCommand.DecommissionBroker(new(3)));
        Assert.Equal(ErrorCode.None, other.Verdict.Error);
    }

    [Fact]
    public void What_is_refused_is_named_for_the_log()
    {
        var cluster = On(2, 0, 1);
        var answer = cluster.Do(new ClusterCommand.AlterReassignments(
            [new(new("t", 0), [new(1), new(9)]), new(new("t", 0), default), new(new("none", 0), [new(1)])]));
        Assert.Equal(
            ["reassignment of t-0 InvalidRequest", "reassignment of t-0 InvalidRequest",
                "reassignment of none-0 UnknownTopicOrPartition"],
            Refusals.Of(answer).Select(r => $"{r.What} {r.Verdict.Error}"));
    }

    private static Clusters On(int brokers, params int[] replicas)
    {
        var cluster = Clusters.Of(brokers);
        cluster.CreateOn("t", replicas);
        return cluster;
    }
}
