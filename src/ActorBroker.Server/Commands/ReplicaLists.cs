using System.Globalization;
using ActorBroker.Protocol;

namespace ActorBroker.Server.Commands;

/// <summary>Brokers of one partition after the other, as Kafka's tools write them: <c>1:2,2:3</c> for two partitions.</summary>
internal static class ReplicaLists
{
    /// <exception cref="UsageException">The text is no such list; names the flag.</exception>
    public static BrokerId[][] Parse(string flag, string text) =>
        Array.ConvertAll(text.Split(','), part => Array.ConvertAll(part.Split(':'), broker =>
            int.TryParse(broker, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? new BrokerId(id)
                : throw new UsageException($"{flag}: '{broker}' is not a broker's number")));
}
