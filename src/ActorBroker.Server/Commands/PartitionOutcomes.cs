using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary>Prints what became of each partition, and makes an exit code of it.</summary>
internal static class PartitionOutcomes
{
    /// <param name="done">What is said of a partition with which all went well.</param>
    /// <param name="harmless">An error that says that there was nothing to do.</param>
    public static int Write(
        Output output, IReadOnlyCollection<PartitionOutcome> outcomes, string done, ErrorCode harmless = ErrorCode.None)
    {
        foreach (var (partition, error, message) in outcomes)
            output.Result(
                new { topic = partition.Topic, partition = partition.Partition, error = ErrorTexts.NameOf(error), message },
                error == ErrorCode.None
                    ? $"{partition}: {done}"
                    : $"{partition}: {ErrorTexts.NameOf(error)}: {message ?? ErrorTexts.SentenceOf(error)}");
        return outcomes.All(o => o.Error == ErrorCode.None || o.Error == harmless) ? ExitCode.Ok : ExitCode.Failed;
    }
}
