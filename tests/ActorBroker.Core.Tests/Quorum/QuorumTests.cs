using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Quorum;

public sealed class QuorumTests
{
    [Fact]
    public void A_single_voter_is_a_local_journal()
    {
        var cluster = new QuorumCluster(voters: 1);
        var proposer = cluster.Proposer(0);
        Assert.True(cluster.Win(proposer));
        Assert.True(cluster.Append(proposer, "a"));
        Assert.Equal(["a"], cluster.Committed(0));
    }

    [Fact]
    public void The_first_journal_needs_all_voters_and_later_ones_a_majority()
    {
        var cluster = new QuorumCluster();
        Assert.False(cluster.Win(cluster.Proposer(0, 1)));
        Assert.True(cluster.Win(cluster.Proposer(0, 1, 2)));
        Assert.True(cluster.Win(cluster.Proposer(0, 1)));
        Assert.False(cluster.Win(cluster.Proposer(1)));
    }

    [Fact]
    public void A_new_proposer_goes_on_from_what_was_committed()
    {
        var cluster = new QuorumCluster();
        var first = cluster.Proposer(0, 1, 2);
        cluster.Win(first);
        cluster.Reach(first, 0, 1);
        Assert.True(cluster.Append(first, "a"));
        var second = cluster.Proposer(1, 2);
        Assert.True(cluster.Win(second));
        Assert.Equal(["a"], QuorumCluster.Texts(cluster.Said.OfType<ProposerEffect.Won>().Last().Entries));
        Assert.True(cluster.Append(second, "b"));
        Assert.Equal(["a", "b"], cluster.Committed(2));
    }

    [Fact]
    public void A_proposer_that_was_deposed_commits_nothing_and_hears_of_it()
    {
        var cluster = new QuorumCluster();
        var first = cluster.Proposer(0, 1, 2);
        cluster.Win(first);
        cluster.Reach(first, 0);
        Assert.False(cluster.Append(first, "lost"));
        var second = cluster.Proposer(1, 2);
        cluster.Win(second);
        cluster.Append(second, "kept");
        cluster.Reach(first, 0, 1, 2);
        cluster.Tick(first);
        Assert.Equal(ProposerStage.Idle, first.Stage);
        Assert.Contains(new ProposerEffect.Lost(second.Epoch, new(new(1), 2)), cluster.Said);
        cluster.Reach(second, 0, 1, 2);
        cluster.Tick(second);
        Assert.Equal(["kept"], cluster.Committed(0));
    }

    [Fact]
    public void A_voter_far_behind_gets_the_snapshot_and_what_comes_after()
    {
        var cluster = new QuorumCluster();
        var proposer = cluster.Proposer(0, 1, 2);
        cluster.Win(proposer);
        cluster.Reach(proposer, 0, 1);
        foreach (var text in "abcdef") cluster.Append(proposer, $"{text}");
        cluster.Compact(proposer, new Offset(5), "abcd");
        cluster.Reach(proposer, 0, 1, 2);
        cluster.Tick(proposer);
        for (var voter = 0; voter < 3; voter++)
        {
            Assert.Equal(new Offset(5), cluster.Nodes[voter].Snapshot!.End);
            cluster.Nodes[voter].Restart();
            Assert.Equal(proposer.End, cluster.Nodes[voter].Voter.Tail.End);
        }
        Assert.True(cluster.Win(cluster.Proposer(1, 2)));
        var won = cluster.Said.OfType<ProposerEffect.Won>().Last();
        Assert.Equal("abcd", System.Text.Encoding.UTF8.GetString(won.Snapshot!.State.Span));
        Assert.Equal(["e", "f"], QuorumCluster.Texts(won.Entries));
    }

    [Fact]
    public void A_voter_that_lost_its_disk_votes_again_after_it_was_filled_and_recorded()
    {
        var cluster = new QuorumCluster();
        var proposer = cluster.Proposer(0, 1, 2);
        cluster.Win(proposer);
        cluster.Append(proposer, "a");
        cluster.LoseDisk(2);
        Assert.False(cluster.Win(cluster.Proposer(1, 2)));
        var second = cluster.Proposer(0, 1);
        Assert.True(cluster.Win(second));
        cluster.Reach(second, 0, 1, 2);
        cluster.Tick(second);
        Assert.True(cluster.Nodes[2].Voter.Meta.IsConfirmed);
        Assert.True(cluster.Win(cluster.Proposer(1, 2)));
        Assert.Equal(["a"], cluster.Committed(2));
    }

    [Fact]
    public void Two_lost_disks_of_three_stop_the_journal_rather_than_lose_it()
    {
        var cluster = new QuorumCluster();
        var proposer = cluster.Proposer(0, 1, 2);
        cluster.Win(proposer);
        cluster.Append(proposer, "a");
        cluster.LoseDisk(1);
        cluster.LoseDisk(2);
        Assert.False(cluster.Win(cluster.Proposer(0, 1, 2)));
    }

    /// <summary>
    /// Voter 2 promises to a new proposer, helps to commit "b", and loses its disk. A deposed proposer that knows of nothing
    /// fills it and records its new disk, with voter 0 alone: were this enough to count, voters 0 and 2 would elect somebody
    /// without "b".
    /// </summary>
    [Fact]
    public void A_new_disk_that_only_a_deposed_proposer_has_recorded_does_not_count()
    {
        var cluster = new QuorumCluster();
        var deposed = cluster.Proposer(0, 1, 2);
        cluster.Win(deposed);
        cluster.Append(deposed, "a");
        cluster.Reach(deposed);
        var second = cluster.Proposer(1, 2);
        Assert.True(cluster.Win(second));
        Assert.True(cluster.Append(second, "b"));
        cluster.Reach(second);
        cluster.LoseDisk(2);

        cluster.Reach(deposed, 0, 2);
        cluster.Tick(deposed);
        Assert.Equal(deposed.End, cluster.Nodes[2].Voter.Tail.End); // It was filled, and the entry with its disk is there too,
        Assert.Equal(new Offset(3), deposed.End);
        Assert.Equal(new Offset(2), deposed.Committed); // but not committed.
        Assert.False(cluster.Win(cluster.Proposer(0, 2)));

        var third = cluster.Proposer(0, 1, 2);
        Assert.True(cluster.Win(third));
        cluster.Tick(third);
        Assert.Equal(["a", "b"], cluster.Committed(0));
        Assert.Equal(["a", "b"], cluster.Committed(2));
    }

    /// <summary>The promise of a disk that is gone does not elect once another disk was recorded in its place.</summary>
    [Fact]
    public void What_a_lost_disk_promised_does_not_count_any_more()
    {
        var cluster = new QuorumCluster();
        var proposer = cluster.Proposer(0, 1, 2);
        cluster.Win(proposer);
        var rival = cluster.Proposer(2);
        Assert.False(cluster.Win(rival)); // Voter 2 promised; nobody else was reached yet.
        Assert.Equal(ProposerStage.Preparing, rival.Stage);
        cluster.LoseDisk(2);
        cluster.Reach(rival);
        cluster.Tick(proposer);
        Assert.True(cluster.Nodes[2].Voter.Meta.IsConfirmed);
        Assert.True(cluster.Append(proposer, "a"));
        cluster.Reach(rival, 1);
        cluster.Tick(rival);
        Assert.Equal(ProposerStage.Preparing, rival.Stage); // Voters 1 and the old 2 are not enough.
        cluster.Reach(rival, 0, 1);
        cluster.Tick(rival);
        Assert.True(rival.MayAppend);
        Assert.Equal(["a"], QuorumCluster.Texts(cluster.Said.OfType<ProposerEffect.Won>().Last().Entries));
    }

    /// <summary>Its answer may be the first, its log is the newest, and it has promised a higher epoch.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_voter_with_another_clusters_disk_neither_counts_nor_is_written_to_nor_stops_the_others(int foreign)
    {
        var cluster = new QuorumCluster();
        var proposer = cluster.Proposer(0, 1, 2);
        cluster.Win(proposer);
        cluster.Append(proposer, "a");
        cluster.TakeForeignDisk(foreign, promise: new Epoch(90));
        cluster.Tick(proposer);
        Assert.Equal(ProposerStage.Leading, proposer.Stage);
        Assert.True(cluster.Append(proposer, "b"));
        Assert.Equal(new BrokerId(foreign), Assert.Single(cluster.Said.OfType<ProposerEffect.ForeignVoter>()).Voter);

        var next = cluster.Proposer(0, 1, 2);
        Assert.True(cluster.Win(next));
        Assert.Equal(["a", "b"], QuorumCluster.Texts(cluster.Said.OfType<ProposerEffect.Won>().Last().Entries));
        cluster.Tick(next);
        Assert.Equal(new LogTail(new Epoch(90), new Offset(3)), cluster.Nodes[foreign].Voter.Tail);
        Assert.Contains($"{foreign} has another cluster's disk", next.Describe(), StringComparison.Ordinal);

        cluster.LoseDisk(foreign); // The operator empties it.
        Assert.False(cluster.Win(cluster.Proposer(foreign, 1)));
        var last = cluster.Proposer(0, 1, 2);
        Assert.True(cluster.Win(last));
        cluster.Tick(last);
        Assert.Equal(["a", "b"], cluster.Committed(foreign));
        Assert.True(cluster.Win(cluster.Proposer(foreign, 1)));
    }

    [Fact]
    public void A_voter_refuses_entries_and_snapshots_of_another_journal()
    {
        var cluster = new QuorumCluster();
        var proposer = cluster.Proposer(0, 1, 2);
        cluster.Win(proposer);
        var node = cluster.Nodes[1];
        var other = VoterSet.Founding([KeyValuePair.Create(new BrokerId(1), (UInt128)999)]);
        var from = new ProposerId(new(7), 7);
        List<QuorumAnswer> answers = [];
        node.Voter.Hear(new QuorumRequest.Append(
            from, new Epoch(50), 1, other.Journal, Offset.Zero, Epoch.None, [], Offset.Zero));
        node.Voter.Hear(new QuorumRequest.Install(
            from, new Epoch(50), 2, new SnapshotPart(new Offset(9), new Epoch(50), other, 1, 0, new byte[1])));
        node.Run((_, answer) => answers.Add(answer));
        Assert.All(answers, answer => Assert.IsType<QuorumAnswer.OfOtherJournal>(answer));
        Assert.Equal((2, proposer.Epoch), (answers.Count, node.Voter.Meta.Promise));
    }

    [Fact]
    public void A_snapshot_larger_than_a_message_goes_in_parts_to_voters_and_to_the_next_proposer()
    {
        var cluster = new QuorumCluster();
        var proposer = cluster.Proposer(0, 1, 2);
        cluster.Win(proposer);
        cluster.Reach(proposer, 0, 1);
        cluster.Append(proposer, "a");
        var state = string.Concat(Enumerable.Repeat("all that is known ", 10));
        cluster.Compact(proposer, new Offset(2), state);
        cluster.Reach(proposer, 0, 1, 2);
        cluster.Tick(proposer);
        Assert.Equal(state, System.Text.Encoding.UTF8.GetString(cluster.Nodes[2].Snapshot!.State.Span));
        Assert.True(cluster.Win(cluster.Proposer(1, 2)));
        var won = cluster.Said.OfType<ProposerEffect.Won>().Last();
        Assert.Equal(state, System.Text.Encoding.UTF8.GetString(won.Snapshot!.State.Span));
    }

    [Fact]
    public void A_journal_of_other_voters_elects_nobody()
    {
        var cluster = new QuorumCluster(voters: 1);
        cluster.Win(cluster.Proposer(0));
        cluster.AddNode();
        Assert.False(cluster.Win(cluster.Proposer(0, 1)));
        Assert.Equal(new BrokerId(0), Assert.Single(cluster.Said.OfType<ProposerEffect.OtherVoters>().First().InJournal));
    }
}
