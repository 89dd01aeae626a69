using ActorBroker.Core.Controller;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Controller;

/// <summary>A disk fails and its broker goes on.</summary>
public sealed class OfflineRulesTests
{
    [Fact]
    public void Another_in_sync_leads_what_lies_on_a_failed_disk()
    {
        var cluster = LeaderElectionTests.With("2");
        Assert.Equal(ErrorCode.None, cluster.Report(0, "t", isOffline: true));
        LeaderElectionTests.Expect(cluster, "[0,1,2] isr [1,2] elr [] leader 1 epoch 1");
        Assert.Equal("[0]", Clusters.Ids(cluster.Partition("t").Offline));
        Assert.True(cluster.Image.IsActive(new BrokerId(0)));
        // Nothing new: nothing happens.
        var version = cluster.Image.Version;
        cluster.Report(0, "t", isOffline: true);
        Assert.Equal(version, cluster.Image.Version);
        Assert.Equal(ErrorCode.IneligibleReplica, cluster.Alter("t", 0, 1, 2));
    }

    [Fact]
    public void Nobody_leads_when_only_a_failed_disk_has_all_and_its_replica_leads_when_it_is_back()
    {
        var cluster = LeaderElectionTests.With("1");
        cluster.Alter("t", 0);
        cluster.Report(0, "t", isOffline: true);
        LeaderElectionTests.Expect(cluster, "[0,1,2] isr [] elr [0] leader -1 epoch 1");
        // The broker comes and goes, and its disk stays away.
        cluster.Change(0, BrokerChange.Fence);
        cluster.Change(0, BrokerChange.Unfence);
        LeaderElectionTests.Expect(cluster, "[0,1,2] isr [] elr [0] leader -1 epoch 1");
        cluster.Report(0, "t", isOffline: false);
        LeaderElectionTests.Expect(cluster, "[0,1,2] isr [0] elr [] leader 0 epoch 2");
    }

    [Fact]
    public void A_broker_that_registers_again_has_its_disks_until_it_says_otherwise()
    {
        var cluster = LeaderElectionTests.With("1");
        cluster.Report(2, "t", isOffline: true);
        LeaderElectionTests.Expect(cluster, "[0,1,2] isr [0,1] elr [] leader 0 epoch 0");
        cluster.Register(2);
        Assert.Empty(cluster.Partition("t").Offline);
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, 1, 2));
    }

    [Fact]
    public void An_operator_does_not_elect_a_failed_disk_uncleanly()
    {
        var cluster = LeaderElectionTests.With("1");
        cluster.Alter("t", 0);
        foreach (var id in new[] { 1, 2 }) cluster.Change(id, BrokerChange.Fence);
        cluster.Report(0, "t", isOffline: true);
        Assert.Equal(ErrorCode.EligibleLeadersNotAvailable, cluster.Elect(ElectionType.Unclean, "t"));
    }

    [Fact]
    public void A_replica_that_moves_away_from_a_failed_disk_is_not_offline_any_more()
    {
        var cluster = LeaderElectionTests.With("1");
        cluster.Register(3);
        cluster.Report(0, "t", isOffline: true);
        Assert.Equal(ErrorCode.None, cluster.Move("t", 3, 1, 2));
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 1, 2, 3));
        LeaderElectionTests.Expect(cluster, "[3,1,2] isr [3,1,2] elr [] leader 1 epoch 2");
        Assert.Empty(cluster.Partition("t").Offline);
    }

    [Fact]
    public void What_an_earlier_process_says_of_its_disks_is_refused()
    {
        var cluster = LeaderElectionTests.With("1");
        var old = new ClusterCommand.ReportReplicas(new BrokerId(0), 1, [new(cluster.Image.Topic("t")!.Id, 0, IsOffline: true)]);
        cluster.Register(0);
        var answer = Assert.IsType<ClusterCommand.ReportReplicas.Answer>(cluster.Do(old));
        Assert.Equal(ErrorCode.StaleBrokerEpoch, answer.Error);
        Assert.Empty(cluster.Partition("t").Offline);
    }
}
