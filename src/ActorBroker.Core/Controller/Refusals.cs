using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What of an answer is a refusal: who asked gets an error code, and whoever reads the log the cause.</summary>
public static class Refusals
{
    /// <returns>What was refused, and why.</returns>
    public static IEnumerable<(string What, Verdict Verdict)> Of(ClusterAnswer answer) => All(answer).Where(r => !r.Verdict.IsOk);

    private static IEnumerable<(string What, Verdict Verdict)> All(ClusterAnswer answer) => answer switch
    {
        ClusterCommand.RegisterBroker.Answer a => [("registration", a.Verdict)],
        ClusterCommand.ChangeBroker.Answer a => [("change of a broker", a.Verdict)],
        ClusterCommand.DecommissionBroker.Answer a => [("decommission", a.Verdict)],
        ClusterCommand.UnregisterBroker.Answer a => [("removal of a broker", a.Verdict)],
        ClusterCommand.CreateTopics.Answer a => a.Topics.Select(t => ($"creation of topic {Named(t)}", t.Verdict)),
        ClusterCommand.DeleteTopics.Answer a => a.Topics.Select(t => ($"deletion of topic {Named(t)}", t.Verdict)),
        ClusterCommand.CreatePartitions.Answer a => a.Topics.Select(t => ($"more partitions of {Named(t)}", t.Verdict)),
        ClusterCommand.ChangeConfigs.Answer a => a.Resources.Select(r => ($"configs of {r.Resource}", r.Verdict)),
        ClusterCommand.AlterReassignments.Answer a => a.Partitions.Select(p => ($"reassignment of {p.Partition}", p.Verdict)),
        // That the preferred replica leads already is no refusal.
        ClusterCommand.ElectLeaders.Answer a => a.Partitions.Where(p => p.Verdict.Error != ErrorCode.ElectionNotNeeded)
            .Select(p => ($"election for {p.Partition}", p.Verdict)),
        ClusterCommand.AlterPartition.Answer a => a.Partitions.Select(p => (
                $"replicas in sync of partition {p.Partition} of topic {p.Topic}", new Verdict(p.Error, null)))
            .Prepend(("replicas in sync", new Verdict(a.Error, null))),
        _ => [],
    };

    private static string Named(TopicResult topic) => topic.Name ?? topic.Id.ToString();
}
