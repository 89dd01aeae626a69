namespace Akka.Actor.Internal;

/// <summary>A provider that takes messages from outside.</summary>
internal interface INetworkedProvider
{
    /// <summary>Serializers are there: messages may come in.</summary>
    void Open();
}
