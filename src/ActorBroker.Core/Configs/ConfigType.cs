namespace ActorBroker.Core.Configs;

/// <summary>Type of a config's value; the numbers are those of Kafka's protocol.</summary>
public enum ConfigType : sbyte
{
    Unknown = 0,
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
    Long = 5,
    Double = 6,
    List = 7,
    Class = 8,
    Password = 9,
}
