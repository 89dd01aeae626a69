namespace Akka.Persistence.Serialization;

/// <summary>Marks what persistence writes.</summary>
public interface IMessage;
