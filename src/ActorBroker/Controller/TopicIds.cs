using ActorBroker.Protocol;

namespace ActorBroker.Controller;

/// <summary>Makes ids for new topics out of a source of 128 random bits.</summary>
internal sealed class TopicIds(Func<UInt128> random)
{
    public TopicId Next()
    {
        while (true)
        {
            var id = new TopicId(random());
            // Kafka keeps 0 and 1 for itself, and an id that begins with a hyphen looks like an option on a command line.
            if (id.Value > 1 && id.ToString()[0] != '-') return id;
        }
    }
}
