using ActorBroker.Core.Configs;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Tests.Controller;

public class LeaderElectionTests
{
    [Fact]
    public void A_fenced_leader_is_followed_by_one_in_sync_in_a_new_term()
    {
        var cluster = With("1");
        cluster.Alter("t", 0, 2);
        cluster.Change(0, BrokerChange.Fence);
        Expect(cluster, "[0,1,2] isr [2] elr [] leader 2 epoch 1");
        cluster.Change(0, BrokerChange.Unfence);
        Expect(cluster, "[0,1,2] isr [2] elr [] leader 2 epoch 1");
    }

    [Fact]
    public void Below_min_insync_whoever_falls_out_stays_eligible()
    {
        var cluster = With("2");
        cluster.Change(2, BrokerChange.Fence);
        Expect(cluster, "[0,1,2] isr [0,1] elr [] leader 0 epoch 0");
        cluster.Change(1, BrokerChange.Fence);
        Expect(cluster, "[0,1,2] isr [0] elr [1] leader 0 epoch 0");
        cluster.Change(0, BrokerChange.Fence);
        Expect(cluster, "[0,1,2] isr [] elr [0,1] leader -1 epoch 1");
        Assert.Equal(new BrokerId(0), cluster.Partition("t").LastLeader);
        cluster.Change(2, BrokerChange.Unfence); // It lacks what was committed without it.
        Expect(cluster, "[0,1,2] isr [] elr [0,1] leader -1 epoch 1");
        cluster.Change(1, BrokerChange.Unfence);
        Expect(cluster, "[0,1,2] isr [1] elr [0] leader 1 epoch 2");
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 1, 2));
        Expect(cluster, "[0,1,2] isr [1,2] elr [] leader 1 epoch 2");
    }

    [Fact]
    public void Whoever_may_have_lost_records_is_not_eligible_and_the_last_leader_is_the_last_resort()
    {
        var cluster = With("2");
        foreach (var id in new[] { 2, 1, 0 }) cluster.Change(id, BrokerChange.Fence);
        cluster.Register(1); // Not stopped cleanly.
        Expect(cluster, "[0,1,2] isr [] elr [0] leader -1 epoch 1");
        cluster.Register(2);
        Expect(cluster, "[0,1,2] isr [] elr [0] leader -1 epoch 1");
        cluster.Register(0);
        Expect(cluster, "[0,1,2] isr [0] elr [] leader 0 epoch 2");
    }

    [Fact]
    public void Whoever_was_stopped_cleanly_stays_in_sync()
    {
        var cluster = With("2");
        foreach (var id in new[] { 2, 1, 0 }) cluster.Change(id, BrokerChange.Fence);
        cluster.RegisterClean(1);
        Expect(cluster, "[0,1,2] isr [1] elr [0] leader 1 epoch 2");
    }

    [Fact]
    public void A_broker_that_crashed_and_is_back_at_once_is_out_of_sync_as_long_as_others_are()
    {
        var cluster = With("2");
        cluster.Register(0);
        Expect(cluster, "[0,1,2] isr [1,2] elr [] leader 1 epoch 1");
        cluster.Change(1, BrokerChange.Fence);
        cluster.Change(2, BrokerChange.Fence);
        Expect(cluster, "[0,1,2] isr [] elr [1,2] leader -1 epoch 3");
    }

    [Fact]
    public void An_unclean_election_happens_only_where_it_is_allowed_and_is_recorded()
    {
        var cluster = With("1");
        cluster.Alter("t", 0);
        cluster.Change(0, BrokerChange.Fence);
        Expect(cluster, "[0,1,2] isr [] elr [0] leader -1 epoch 1");
        Assert.DoesNotContain(cluster.Events, e => e is MetadataEvent.UncleanElection);
        cluster.Configure(
            ConfigResource.Topic("t"), false,
            new ConfigEdit("unclean.leader.election.enable", ConfigOperation.Set, "true"));
        Expect(cluster, "[0,1,2] isr [1] elr [] leader 1 epoch 2");
        var election = Assert.Single(cluster.Events.OfType<MetadataEvent.UncleanElection>());
        Assert.Equal((new BrokerId(1), new Epoch(2)), (election.Leader, election.LeaderEpoch));
        Assert.Equal("[0]", Clusters.Ids(election.InSync));
        cluster.Alter("t", 1, 2);
        cluster.Change(1, BrokerChange.Fence);
        Expect(cluster, "[0,1,2] isr [2] elr [] leader 2 epoch 3");
        Assert.Equal(new Epoch(2), cluster.Partition("t").UncleanEpoch); // Until there is another one.
    }

    [Fact]
    public void An_operator_may_elect_uncleanly_where_nobody_leads()
    {
        var cluster = With("1");
        Assert.Equal(ErrorCode.ElectionNotNeeded, cluster.Elect(ElectionType.Unclean, "t"));
        cluster.Alter("t", 0);
        foreach (var id in new[] { 0, 1, 2 }) cluster.Change(id, BrokerChange.Fence);
        Assert.Equal(ErrorCode.EligibleLeadersNotAvailable, cluster.Elect(ElectionType.Unclean, "t"));
        cluster.Change(2, BrokerChange.Unfence);
        Assert.Equal(ErrorCode.None, cluster.Elect(ElectionType.Unclean, "t"));
        Expect(cluster, "[0,1,2] isr [2] elr [] leader 2 epoch 2");
        Assert.Single(cluster.Events.OfType<MetadataEvent.UncleanElection>());
    }

    [Fact]
    public void The_preferred_leader_gets_its_partitions_back()
    {
        var cluster = With("1");
        Assert.Equal(ErrorCode.ElectionNotNeeded, cluster.Elect(ElectionType.Preferred, "t"));
        cluster.Change(0, BrokerChange.Fence);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, cluster.Elect(ElectionType.Preferred, "t"));
        cluster.Change(0, BrokerChange.Unfence);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, cluster.Elect(ElectionType.Preferred, "t"));
        cluster.Alter("t", 0, 1, 2);
        Assert.Equal(ErrorCode.None, cluster.Elect(ElectionType.Preferred, "t"));
        Expect(cluster, "[0,1,2] isr [0,1,2] elr [] leader 0 epoch 2");
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Elect(ElectionType.Preferred, "nobody"));
        var all = (ClusterCommand.ElectLeaders.Answer)cluster.Do(new ClusterCommand.ElectLeaders(ElectionType.Preferred));
        Assert.Empty(all.Partitions);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(49, true)]
    [InlineData(50, false)]
    [InlineData(100, false)]
    public void Leaders_are_out_of_balance_above_a_percentage_of_what_a_broker_should_lead(int percentage, bool isAbove)
    {
        var cluster = With("1");
        cluster.CreateOn("u", 0, 1);
        cluster.CreateOn("v", 2);
        Assert.False(LeaderImbalance.IsAbove(cluster.Image, 0));
        cluster.Report(0, "t", isOffline: true); // Broker 0 should lead two, and leads one.
        Assert.Equal(isAbove, LeaderImbalance.IsAbove(cluster.Image, percentage));
        cluster.Change(0, BrokerChange.Fence); // Who is not there can't be given anything.
        Assert.False(LeaderImbalance.IsAbove(cluster.Image, 0));
    }

    [Fact]
    public void A_smaller_min_insync_ends_eligibility_before_a_leader_can_commit_with_it()
    {
        var cluster = With("2");
        cluster.Alter("t", 0);
        Expect(cluster, "[0,1,2] isr [0] elr [1,2] leader 0 epoch 0");
        cluster.Configure(
            ConfigResource.Topic("t"), false, new ConfigEdit("min.insync.replicas", ConfigOperation.Set, "1"));
        Expect(cluster, "[0,1,2] isr [0] elr [] leader 0 epoch 0");
    }

    [Fact]
    public void A_broker_that_stops_hands_over_what_others_can_lead_and_keeps_the_rest_to_the_end()
    {
        var cluster = With("1");
        cluster.CreateOn("alone", 0);
        cluster.CreateOn("behind", 0, 1);
        cluster.Alter("behind", 0);
        Assert.Equal(1, cluster.Change(0, BrokerChange.Stop).Leads); // The one that 1 could lead.
        Assert.Equal(new BrokerId(0), cluster.Partition("behind").Leader);
        Expect(cluster, "[0,1,2] isr [1,2] elr [] leader 1 epoch 1");
        Assert.Equal(new BrokerId(0), cluster.Partition("alone").Leader);
        Assert.Equal(ErrorCode.IneligibleReplica, cluster.Alter("t", 0, 1, 2));
        cluster.Change(0, BrokerChange.Fence);
        Assert.Equal(BrokerId.None, cluster.Partition("alone").Leader);
        cluster.RegisterClean(0);
        Assert.Equal(new BrokerId(0), cluster.Partition("alone").Leader);
    }

    /// <summary>Found by <see cref="PartitionProperties"/>: there was no leader, though one of those in sync was there.</summary>
    [Fact]
    public void A_broker_that_is_about_to_stop_leads_when_the_leader_is_lost_and_nobody_else_is_in_sync()
    {
        var cluster = Clusters.Of(2);
        cluster.CreateOn("t", 0, 1);
        cluster.Alter("t", 0);
        cluster.Change(0, BrokerChange.Stop); // Nobody else can lead.
        cluster.Alter("t", 0, 1);
        Expect(cluster, "[0,1] isr [0,1] elr [] leader 1 epoch 1");
        cluster.Register(1); // It crashed, and may have lost what it had.
        Expect(cluster, "[0,1] isr [0] elr [] leader 0 epoch 2");
        cluster.Change(0, BrokerChange.Fence);
        Expect(cluster, "[0,1] isr [] elr [0] leader -1 epoch 3");
    }

    [Fact]
    public void A_change_of_an_older_registration_is_refused()
    {
        var cluster = With("1");
        cluster.Register(0);
        var answer = (ClusterCommand.ChangeBroker.Answer)cluster.Do(
            new ClusterCommand.ChangeBroker(new BrokerId(0), 1, BrokerChange.Fence));
        Assert.Equal(ErrorCode.StaleBrokerEpoch, answer.Verdict.Error);
        Assert.True(cluster.Image.IsActive(new BrokerId(0)));
    }

    [Fact]
    public void Two_brokers_with_one_id_are_told_and_a_repeated_registration_changes_nothing()
    {
        var cluster = new Clusters();
        var register = new ClusterCommand.RegisterBroker(new BrokerId(0), [], null, "c", Incarnation: 7);
        Assert.Equal(1, ((ClusterCommand.RegisterBroker.Answer)cluster.Do(register)).BrokerEpoch);
        Assert.Equal(1, ((ClusterCommand.RegisterBroker.Answer)cluster.Do(register with { RivalIsAlive = true })).BrokerEpoch);
        var other = register with { Incarnation = 8, RivalIsAlive = true };
        Assert.Equal(
            ErrorCode.DuplicateBrokerRegistration, ((ClusterCommand.RegisterBroker.Answer)cluster.Do(other)).Verdict.Error);
        Assert.Equal(2, ((ClusterCommand.RegisterBroker.Answer)cluster.Do(other with { RivalIsAlive = false })).BrokerEpoch);
    }

    [Fact]
    public void A_broker_that_registers_fenced_leads_when_it_is_ready()
    {
        var cluster = Clusters.Of(1);
        cluster.CreateOn("t", 0);
        cluster.Do(new ClusterCommand.RegisterBroker(new BrokerId(0), [], null, "c", IsFenced: true));
        Expect(cluster, "[0] isr [] elr [] leader -1 epoch 1");
        cluster.Change(0, BrokerChange.Unfence);
        Expect(cluster, "[0] isr [0] elr [] leader 0 epoch 2");
    }

    /// <summary>Three brokers and the topic t of one partition on all of them.</summary>
    internal static Clusters With(string minInSync)
    {
        var settings = Clusters.DefaultPolicy.Settings;
        settings = settings with { Defaults = settings.Defaults.Add("min.insync.replicas", minInSync) };
        var cluster = Clusters.Of(3) with { Policy = Clusters.DefaultPolicy with { Settings = settings } };
        cluster.CreateOn("t", 0, 1, 2);
        return cluster;
    }

    internal static void Expect(Clusters cluster, string expected)
    {
        var p = cluster.Partition("t");
        Assert.Equal(
            expected,
            $"{Clusters.Ids(p.Replicas)} isr {Clusters.Ids(p.Isr)} elr {Clusters.Ids(p.Elr)} leader {p.Leader} "
            + $"epoch {p.LeaderEpoch}");
    }
}
