using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>A singleton to start by <see cref="ClusterSingleton.Init"/>.</summary>
public class SingletonActor
{
    private SingletonActor(Props props, string name, Option<object> stopMessage, Option<ClusterSingletonSettings> settings)
    {
        Props = props;
        Name = name;
        StopMessage = stopMessage;
        Settings = settings;
    }

    public Props Props { get; }
    public string Name { get; }
    public Option<object> StopMessage { get; }
    public Option<ClusterSingletonSettings> Settings { get; }

    public static SingletonActor Create(Props props, string name) => new(props, name, default, default);

    public SingletonActor WithProps(Props props) => new(props, Name, StopMessage, Settings);

    /// <summary>Told to the singleton before it moves; it must stop itself then. Default: a poison pill.</summary>
    public SingletonActor WithStopMessage(object stopMessage) => new(Props, Name, stopMessage, Settings);

    public SingletonActor WithSettings(ClusterSingletonSettings settings) => new(Props, Name, StopMessage, settings);
}
