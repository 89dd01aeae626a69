using Akka.Configuration;

namespace Akka.Remote.Serialization;

internal static class RemoteSerialization
{
    /// <summary>Serializers and bindings of Akka's own messages; belongs below the configuration of a remote system.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource("Akka.Remote.Serialization.serialization.conf",
        typeof(RemoteSerialization).Assembly);
}
