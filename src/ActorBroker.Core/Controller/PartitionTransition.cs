using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>
/// What follows from a change in one partition: whether its reassignment is done, who is an eligible leader replica, who leads,
/// and which epochs grow. All changes of partitions go through here.
/// </summary>
/// <remarks>
/// A leader is, in this order, the one there is; a replica in sync; an eligible one; the last leader, if nobody is in sync nor
/// eligible, because none of the others can hold more; any replica, if that is allowed, which is an unclean election. Of several
/// the one that comes first among the replicas; never one whose broker is not there, or whose storage has failed.
/// </remarks>
internal readonly ref struct PartitionTransition(MetadataImage image, TopicImage topic, TopicPolicy policy)
{
    private readonly MetadataImage _image = image;
    private readonly TopicImage _topic = topic;
    private readonly TopicPolicy _policy = policy;

    /// <returns>The partition afterwards; the same object if nothing changes.</returns>
    public PartitionImage Next(PartitionImage before, PartitionEdit edit, out MetadataEvent.UncleanElection? unclean)
    {
        unclean = null;
        var (replicas, isr, adding, removing) = (edit.Replicas, edit.Isr, edit.Adding, edit.Removing);
        if (IsDone(edit))
        {
            replicas = replicas.RemoveRange(removing);
            isr = isr.RemoveRange(removing);
            (adding, removing) = ([], []);
        }
        var offline = edit.Offline.RemoveAll(r => !replicas.Contains(r));
        isr = isr.RemoveAll(offline.Contains);
        var elr = Eligible(before, replicas, isr, edit.Forgetful);
        var leader = Elect(before, edit with { Offline = offline }, replicas, isr, elr, out var isUnclean);
        if (isUnclean)
        {
            var lost = isr.IsEmpty ? elr.IsEmpty ? [before.LastLeader.IsNone ? before.Leader : before.LastLeader] : elr : isr;
            unclean = new MetadataEvent.UncleanElection(_topic.Id, before.Index, leader, before.LeaderEpoch.Next(), lost);
            (isr, elr) = ([leader], []);
        }
        else if (!leader.IsNone && !isr.Contains(leader))
        {
            // The others keep what they have: nothing is committed before the ISR has grown again.
            elr = Eligible(elr.Remove(leader), [leader], replicas);
            isr = [leader];
        }
        var lastLeader = !leader.IsNone ? BrokerId.None : before.Leader.IsNone ? before.LastLeader : before.Leader;
        var newTerm = edit.NewTerm || leader != before.Leader || before.Replicas.Except(replicas).Any();
        var after = new PartitionImage(
            before.Index, replicas, isr, leader, newTerm ? before.LeaderEpoch.Next() : before.LeaderEpoch,
            before.PartitionEpoch + 1)
        {
            Elr = elr,
            Adding = adding,
            Removing = removing,
            LastLeader = lastLeader,
            Offline = offline,
            UncleanEpoch = isUnclean ? before.LeaderEpoch.Next() : before.UncleanEpoch,
        };
        return IsSame(before, after) ? before : after;
    }

    /// <summary>Those that came are in sync, and enough remain in sync without those that go.</summary>
    private bool IsDone(PartitionEdit edit)
    {
        if (edit.Adding.IsEmpty && edit.Removing.IsEmpty) return false;
        var isr = edit.Isr;
        var staying = edit.Isr.Count(r => !edit.Removing.Contains(r));
        var target = edit.Replicas.Length - edit.Removing.Length;
        return edit.Adding.All(isr.Contains) && staying >= Math.Max(1, Math.Min(_policy.MinInSync, target));
    }

    private ImmutableArray<BrokerId> Eligible(
        PartitionImage before, ImmutableArray<BrokerId> replicas, ImmutableArray<BrokerId> isr, BrokerId forgetful) =>
        Eligible(before.Elr.Union(before.Isr).Where(r => r != forgetful), isr, replicas);

    private ImmutableArray<BrokerId> Eligible(
        IEnumerable<BrokerId> holdAll, ImmutableArray<BrokerId> isr, ImmutableArray<BrokerId> replicas) =>
        isr.Length >= _policy.MinInSyncOf(replicas) ? [] : [.. replicas.Intersect(holdAll).Where(r => !isr.Contains(r))];

    private BrokerId Elect(
        PartitionImage before, PartitionEdit edit, ImmutableArray<BrokerId> replicas, ImmutableArray<BrokerId> isr,
        ImmutableArray<BrokerId> elr, out bool isUnclean)
    {
        isUnclean = false;
        if (edit.Preferred && isr.Contains(replicas[0]) && CanLead(replicas[0], edit)) return replicas[0];
        if (isr.Contains(before.Leader) && CanLead(before.Leader, edit)) return before.Leader;
        foreach (var replica in replicas)
            if (isr.Contains(replica) && CanLead(replica, edit)) return replica;
        // One that is about to stop leads until somebody else can, or it is gone.
        if (isr.Contains(before.Leader) && _image.IsServing(before.Leader)) return before.Leader;
        foreach (var replica in replicas)
            if (isr.Contains(replica) && _image.IsServing(replica)) return replica;
        foreach (var replica in replicas)
            if (elr.Contains(replica) && CanLead(replica, edit)) return replica;
        if (isr.IsEmpty && elr.IsEmpty)
        {
            var last = before.Leader.IsNone ? before.LastLeader : before.Leader;
            if (replicas.Contains(last) && CanLead(last, edit)) return last;
        }
        if (!edit.Unclean && !_policy.UncleanElection) return BrokerId.None;
        foreach (var replica in replicas)
        {
            if (!CanLead(replica, edit)) continue;
            isUnclean = true;
            return replica;
        }
        return BrokerId.None;
    }

    private bool CanLead(BrokerId replica, PartitionEdit edit) => _image.IsActive(replica) && !edit.Offline.Contains(replica);

    private static bool IsSame(PartitionImage a, PartitionImage b) =>
        a.Leader == b.Leader && a.LeaderEpoch == b.LeaderEpoch && a.LastLeader == b.LastLeader
        && a.Replicas.SequenceEqual(b.Replicas) && a.Isr.SequenceEqual(b.Isr) && a.Elr.SequenceEqual(b.Elr)
        && a.Adding.SequenceEqual(b.Adding) && a.Removing.SequenceEqual(b.Removing) && a.Offline.SequenceEqual(b.Offline);
}
