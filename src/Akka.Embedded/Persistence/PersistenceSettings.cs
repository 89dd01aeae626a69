using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>What <c>akka.persistence</c> says.</summary>
public sealed class PersistenceSettings : Settings
{
    public PersistenceSettings(ActorSystem system, Config config)
        : base(system, config) => Internal = new InternalSettings(config);

    public InternalSettings Internal { get; }

    /// <summary>Settings that tests use.</summary>
    public sealed class InternalSettings(Config config)
    {
        /// <summary>Whether journals publish the requests that they have carried out on the event stream.</summary>
        public bool PublishPluginCommands { get; } = config.GetBoolean("akka.persistence.publish-plugin-commands");
    }
}
