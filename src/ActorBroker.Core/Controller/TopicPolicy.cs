using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Metadata;

namespace ActorBroker.Core.Controller;

/// <summary>What a topic's configs say about its leaders.</summary>
/// <param name="MinInSync"><c>min.insync.replicas</c>, never more than any leader goes by.</param>
/// <param name="UncleanElection"><c>unclean.leader.election.enable</c></param>
internal readonly record struct TopicPolicy(int MinInSync, bool UncleanElection)
{
    public const string MinInSyncKey = "min.insync.replicas";
    public const string UncleanKey = "unclean.leader.election.enable";

    public static TopicPolicy Of(string topic, MetadataImage image, ControllerPolicy policy)
    {
        var overrides = image.ConfigsOf(ConfigResource.Topic(topic));
        var minInSync = int.Parse(Value(MinInSyncKey, "1"), CultureInfo.InvariantCulture);
        // A leader that goes by a smaller number of its own commits with fewer replicas, so those that fell out aren't eligible.
        if (!overrides.ContainsKey(MinInSyncKey))
            foreach (var broker in image.Brokers.Keys)
                if (image.ConfigsOf(ConfigResource.Broker(broker)).TryGetValue(MinInSyncKey, out var own))
                    minInSync = Math.Min(minInSync, int.Parse(own, CultureInfo.InvariantCulture));
        return new TopicPolicy(minInSync, Value(UncleanKey, "false") == "true");

        string Value(string key, string otherwise)
        {
            var values = ConfigLayers.OfTopic(
                TopicConfigs.ByName[key], overrides, image, Protocol.BrokerId.None, policy.Settings);
            return values.IsEmpty ? otherwise : values[0].Value;
        }
    }

    /// <summary>With fewer replicas than the config demands, all of them are enough.</summary>
    public int MinInSyncOf(ImmutableArray<Protocol.BrokerId> replicas) => Math.Min(MinInSync, replicas.Length);
}
